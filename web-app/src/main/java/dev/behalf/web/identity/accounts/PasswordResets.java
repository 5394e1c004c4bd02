package dev.behalf.web.identity.accounts;

import dev.behalf.contract.EmailAddress;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import dev.behalf.web.site.security.Sessions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
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
        .flatMap(
            address ->
                users.findByEmail(address).stream().filter(PasswordResets::canReset).findFirst())
        .ifPresent(user -> outbox.send(user.id, user.address(), MailKind.RESET_PASSWORD, language));
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
    var hash = passwords.encode(password);
    var userId = transaction.execute(status -> store(token, hash, actor));
    if (userId == null) {
      return "link.invalid";
    }
    sessions.endAll(userId);
    return null;
  }

  private @Nullable UUID store(String token, @Nullable String hash, Actor actor) {
    var user =
        links
            .use(token, LINKS)
            .map(MailLinks.Link::userId)
            .flatMap(users::findById)
            .filter(PasswordResets::canReset)
            .orElse(null);
    if (user == null) {
      return null;
    }
    user.passwordHash = Objects.requireNonNull(hash);
    links.endAll(user.id);
    audit.write(user.id, actor, "account.password_reset", null, Map.of());
    outbox.send(user.id, user.address(), MailKind.PASSWORD_CHANGED, "");
    return user.id;
  }
}
