package dev.behalf.web.identity.accounts;

import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.site.security.Sessions;
import java.util.List;
import java.util.Map;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Changes a user's password. It checks the current password, signs out the user's other browsers,
 * and ends the links in mails that were sent before.
 */
@Component
public class PasswordChange {

  private final Accounts accounts;
  private final Users users;
  private final PasswordEncoder passwords;
  private final Sessions sessions;
  private final Reauthentication reauthentication;
  private final AuditLog audit;
  private final Outbox outbox;
  private final MailLinks links;
  private final TransactionTemplate transaction;

  PasswordChange(
      Accounts accounts,
      Users users,
      PasswordEncoder passwords,
      Sessions sessions,
      Reauthentication reauthentication,
      AuditLog audit,
      Outbox outbox,
      MailLinks links,
      TransactionTemplate transaction) {
    this.accounts = accounts;
    this.users = users;
    this.passwords = passwords;
    this.sessions = sessions;
    this.reauthentication = reauthentication;
    this.audit = audit;
    this.outbox = outbox;
    this.links = links;
    this.transaction = transaction;
  }

  /**
   * Changes the password and returns the faults, as message keys by form field; empty on success.
   *
   * @param sessionId id of the session that stays signed in
   */
  public Map<String, String> change(
      Caller caller, String current, String next, String sessionId, String address) {
    if (!accounts.choices(caller.userId()).hasPassword()) {
      throw Problem.notFound();
    }
    if (!Accounts.isPassword(next)) {
      return Map.of("new_password", "signup.fault.password");
    }
    var fault = reauthentication.fault(caller, current, address);
    if (fault != null) {
      return Map.of("current_password", fault);
    }
    store(caller, passwords.encode(next));
    sessions.endOthers(caller.userId(), sessionId, caller.actor());
    return Map.of();
  }

  private void store(Caller caller, String hash) {
    transaction.executeWithoutResult(
        status -> {
          users.findById(caller.userId()).orElseThrow(Problem::notFound).passwordHash = hash;
          audit.write(caller.userId(), caller.actor(), "account.password_changed", null, Map.of());
          links.endAll(caller.userId());
          outbox.tell(caller.userId(), MailKind.PASSWORD_CHANGED, List.of(), null);
        });
  }
}
