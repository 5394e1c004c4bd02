package dev.behalf.web.site.mail;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail to be sent.
 *
 * @param userId the user whom it concerns; null if there is none yet
 * @param language the user's choice; empty for none
 * @param details what its text names, in the order of the text's arguments
 */
public record Mail(
    UUID id,
    @Nullable UUID userId,
    String address,
    MailKind kind,
    String language,
    List<String> details,
    int attempts,
    Instant createdAt) {

  Locale locale() {
    return language.startsWith("zh") ? Locale.SIMPLIFIED_CHINESE : Locale.ENGLISH;
  }

  /** Returns the id: neither the address nor what it tells belongs in a log. */
  @Override
  public String toString() {
    return id.toString();
  }
}
