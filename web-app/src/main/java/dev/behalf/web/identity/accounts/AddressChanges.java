package dev.behalf.web.identity.accounts;

import dev.behalf.contract.EmailAddress;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.site.security.Sessions;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Verifies the address of an account, or changes it, by a link to the new address. Until the link
 * is used, nothing changes.
 */
@Component
class AddressChanges {

  static final Set<MailKind> LINKS = EnumSet.of(MailKind.CONFIRM_ADDRESS);

  private final Users users;
  private final MailLinks links;
  private final Outbox outbox;
  private final Sessions sessions;
  private final AuditLog audit;
  private final TransactionTemplate transaction;
  private final InstantSource clock;

  AddressChanges(
      Users users,
      MailLinks links,
      Outbox outbox,
      Sessions sessions,
      AuditLog audit,
      TransactionTemplate transaction,
      InstantSource clock) {
    this.users = users;
    this.links = links;
    this.outbox = outbox;
    this.sessions = sessions;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * Sends a link to an address that the user wants, which may be the present one. Returns whether
   * the text is an address: whether another account has it is not told.
   */
  boolean ask(Caller caller, String givenEmail, String language) {
    var email = EmailAddress.normalised(givenEmail);
    email.ifPresent(
        address -> outbox.send(caller.userId(), address, MailKind.CONFIRM_ADDRESS, language));
    return email.isPresent();
  }

  /** Sends a link to the present address. */
  void askAgain(Caller caller, String language) {
    var user = users.findById(caller.userId()).orElseThrow(Problem::notFound);
    outbox.send(user.id, user.address(), MailKind.CONFIRM_ADDRESS, language);
  }

  /** Uses the link. Returns the fault as a message key; null on success. */
  @Nullable String confirm(String token, Actor actor) {
    try {
      var moved = transaction.execute(status -> store(token, actor));
      if (moved == null) {
        return "link.invalid";
      }
      if (moved.isOther()) {
        // Sessions hold the address.
        sessions.endAll(moved.userId());
      }
      return null;
    } catch (DataIntegrityViolationException anotherAccountHasIt) {
      return "link.taken";
    }
  }

  private record Moved(UUID userId, boolean isOther) {}

  private @Nullable Moved store(String token, Actor actor) {
    var link = links.use(token, LINKS).orElse(null);
    var user =
        link == null || link.userId() == null
            ? null
            : users.findById(link.userId()).filter(found -> found.disabledAt == null).orElse(null);
    if (link == null || user == null) {
      return null;
    }
    var before = user.address();
    var isOther = !before.equals(link.address());
    if (isOther && user.emailVerifiedAt != null) {
      outbox.send(user.id, before, MailKind.ADDRESS_CHANGED, "");
    }
    user.email = link.address();
    user.emailVerifiedAt = clock.instant();
    if (isOther) {
      links.endAll(user.id);
    }
    audit.write(
        user.id,
        actor,
        isOther ? "account.address_changed" : "account.address_confirmed",
        null,
        Map.of());
    return new Moved(user.id, isOther);
  }
}
