package dev.behalf.web.identity.accounts;

import dev.behalf.contract.EmailAddress;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import dev.behalf.web.site.security.Sessions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sets a new password for whoever has forgotten it, by a link to the verified address of the
 * account. An address that is not verified proves nothing, and gets no link.
 */
@Component
class PasswordResets {

  static final Set<MailKind> LINKS = EnumSet.of(MailKind.RESET_PASSWORD);

  private final Users users;
  private final MailLinks links;
  private final Outbox outbox;
  private final PasswordEncoder passwords;
  private final Sessions sessions;
  private final AuditLog audit;
  private final TransactionTemplate transaction;

  PasswordResets(
      Users users,
      MailLinks links,
      Outbox outbox,
      PasswordEncoder passwords,
      Sessions sessions,
      AuditLog audit,
      TransactionTemplate transaction) {
    this.users = users;
    this.links = links;
    this.outbox = outbox;
    this.passwords = passwords;
    this.sessions = sessions;
    this.audit = audit;
    this.transaction = transaction;
  }

  /** Sends a link if there is such an account; whoever asks cannot tell. */
  void ask(String givenEmail, String language) {
    EmailAddress.normalised(givenEmail)
        .ifPresent(
            address ->
                outbox.send(
                    users.findByEmail(address).stream()
                        .filter(PasswordResets::canReset)
                        .map(user -> user.id)
                        .findFirst()
                        .orElse(null),
                    address,
                    MailKind.RESET_PASSWORD,
                    language));
  }

  private static boolean canReset(User user) {
    return user.emailVerifiedAt != null && user.passwordHash != null && user.disabledAt == null;
  }

  /**
   * Sets the password, and signs out every browser. Returns the fault as a message key; null on
   * success.
   */
  @Nullable String reset(String token, String password, Actor actor) {
    if (!Accounts.isPassword(password)) {
      return "signup.fault.password";
    }
    if (links.find(token, LINKS).isEmpty()) {
      // Before the hash: it costs much, and anybody can make a link up.
      return "link.invalid";
    }
    var hash = passwords.encode(password);
    return Boolean.TRUE.equals(transaction.execute(status -> isStored(token, hash, actor)))
        ? null
        : "link.invalid";
  }

  private boolean isStored(String token, @Nullable String hash, Actor actor) {
    var link = links.use(token, LINKS).orElse(null);
    var user =
        link == null || link.userId() == null
            ? null
            : users
                .findById(link.userId())
                .filter(PasswordResets::canReset)
                .filter(found -> found.address().equals(link.address()))
                .orElse(null);
    if (user == null) {
      return false;
    }
    user.passwordHash = Objects.requireNonNull(hash);
    links.endAll(user.id);
    audit.write(user.id, actor, "account.password_reset", null, Map.of());
    outbox.tell(user.id, MailKind.PASSWORD_CHANGED, List.of(), null);
    sessions.endAll(user.id);
    return true;
  }
}
