package dev.behalf.web.site.mail;

import dev.behalf.contract.WireName;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The mails that are sent. Their texts are in {@code messages/mails}. */
public enum MailKind implements WireName {
  SIGN_UP("/signup/link", Duration.ofHours(24)),
  /** Somebody signs up with an address that has an account. */
  SIGN_UP_AGAIN,
  INVITATION("/signup/link", Duration.ofDays(7)),
  CONFIRM_ADDRESS("/address/link", Duration.ofHours(24)),
  RESET_PASSWORD("/password/link", Duration.ofHours(1)),
  /** Sent to the present address when another one is asked for. */
  ADDRESS_CHANGE_ASKED,
  /** Sent to the address that was valid until now. */
  ADDRESS_CHANGED,
  PASSWORD_CHANGED,
  NEW_SIGN_IN,
  SECOND_FACTOR_CHANGED,
  PASSKEYS_CHANGED,
  /** A right password was followed by a wrong code. */
  WRONG_CODE,
  KEY_LEAKED,
  QUOTA_NEARLY_USED,
  QUOTA_USED,
  RETENTION_CHANGED,
  WEBHOOK_DISABLED;

  private final @Nullable String path;
  private final Duration life;

  MailKind(String path, Duration life) {
    this.path = path;
    this.life = life;
  }

  MailKind() {
    this.path = null;
    this.life = Duration.ofDays(3);
  }

  public static MailKind of(String wire) {
    return WireName.find(MailKind.class, wire).orElseThrow();
  }

  /** Returns the names of the kinds whose mails have a link. */
  static String[] withLink() {
    return Arrays.stream(values())
        .filter(kind -> kind.path != null)
        .map(MailKind::wire)
        .toArray(String[]::new);
  }

  /** Returns the names of all kinds. */
  static String[] known() {
    return Arrays.stream(values()).map(MailKind::wire).toArray(String[]::new);
  }

  /** Returns the address of the page that the mail's link leads to; null if it has no link. */
  public @Nullable String path() {
    return path;
  }

  /** Returns how long the link is valid, or how long it makes sense to try to send the mail. */
  public Duration life() {
    return life;
  }
}
