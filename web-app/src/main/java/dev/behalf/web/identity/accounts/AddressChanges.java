package dev.behalf.web.identity.accounts;

import dev.behalf.contract.EmailAddress;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.site.security.Sessions;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        address -> {
          outbox.send(caller.userId(), address, MailKind.CONFIRM_ADDRESS, language);
          outbox.tell(caller.userId(), MailKind.ADDRESS_CHANGE_ASKED, List.of(address), null);
        });
    return email.isPresent();
  }

  /** Sends a link to the present address. */
  void askAgain(Caller caller, String language) {
    var user = users.findById(caller.userId()).orElseThrow(Problem::notFound);
    outbox.send(user.id, user.address(), MailKind.CONFIRM_ADDRESS, language);
  }

  /**
   * Uses the link. Only the account's own session can: otherwise somebody could have the owner of
   * an address confirm it for an account that is prepared by, and open to, somebody else. Returns
   * the fault as a message key; null on success.
   */
  @Nullable String confirm(Caller caller, String token) {
    var isOfAnother =
        links.find(token, LINKS).filter(link -> !caller.userId().equals(link.userId())).isPresent();
    if (isOfAnother) {
      return "link.other";
    }
    try {
      return Boolean.TRUE.equals(transaction.execute(status -> isStored(caller, token)))
          ? null
          : "link.invalid";
    } catch (DataIntegrityViolationException anotherAccountHasIt) {
      return "link.taken";
    }
  }

  private boolean isStored(Caller caller, String token) {
    var link = links.use(token, LINKS).orElse(null);
    if (link == null) {
      return false;
    }
    var user = users.findById(caller.userId()).orElseThrow(Problem::notFound);
    var before = user.address();
    var isOther = !before.equals(link.address());
    if (isOther && user.emailVerifiedAt != null) {
      outbox.tellFormer(user.id, before, MailKind.ADDRESS_CHANGED);
    }
    user.email = link.address();
    user.emailVerifiedAt = clock.instant();
    if (isOther) {
      links.endAll(user.id);
      // Sessions hold the address.
      sessions.endAll(user.id);
    }
    audit.write(
        user.id,
        caller.actor(),
        isOther ? "account.address_changed" : "account.address_confirmed",
        null,
        Map.of());
    return true;
  }
}
