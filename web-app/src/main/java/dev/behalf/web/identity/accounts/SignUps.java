package dev.behalf.web.identity.accounts;

import dev.behalf.contract.EmailAddress;
import dev.behalf.contract.WireName;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.MailServer;
import dev.behalf.web.site.mail.Outbox;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How people get an account. With a mail server, somebody names an address and gets a link there;
 * the answer is the same whether or not the address has an account. Without one, nobody could
 * follow a link: a person signs up with an address that is not verified, and counts for nothing.
 */
@Component
public class SignUps {

  /** Who may sign up. */
  public enum Mode implements WireName {
    OPEN,
    /** Only whom an operator has invited. */
    INVITED,
    OFF
  }

  private final Accounts accounts;
  private final Users users;
  private final MailLinks links;
  private final Outbox outbox;
  private final MailServer mails;
  private final PasswordEncoder passwords;
  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final InstantSource clock;
  private final Mode mode;

  SignUps(
      Accounts accounts,
      Users users,
      MailLinks links,
      Outbox outbox,
      MailServer mails,
      PasswordEncoder passwords,
      JdbcClient database,
      TransactionTemplate transaction,
      InstantSource clock,
      @Value("${behalf.sign-up}") Mode mode) {
    this.accounts = accounts;
    this.users = users;
    this.links = links;
    this.outbox = outbox;
    this.mails = mails;
    this.passwords = passwords;
    this.database = database;
    this.transaction = transaction;
    this.clock = clock;
    this.mode = mode;
  }

  sealed interface SignUp {}

  record Welcome(SignedIn user) implements SignUp {}

  /** The faults in the sign-up form, as message keys by form field. */
  record Faults(Map<String, String> byField) implements SignUp {}

  public Mode mode() {
    return mode;
  }

  /** Returns the kinds of mail whose links open an account. */
  Set<MailKind> links() {
    return switch (mode) {
      case OPEN -> EnumSet.of(MailKind.SIGN_UP, MailKind.INVITATION);
      case INVITED -> EnumSet.of(MailKind.INVITATION);
      case OFF -> EnumSet.noneOf(MailKind.class);
    };
  }

  /** Returns whether a new account begins with a link by mail. */
  boolean isByLink() {
    return mails.isConfigured();
  }

  /**
   * Sends a link to the address; if it has an account, a mail that says so instead. Returns whether
   * the text is an address: nothing else can be told from the answer.
   */
  boolean ask(String givenEmail, String language) {
    var email = EmailAddress.normalised(givenEmail);
    email.ifPresent(
        address ->
            outbox.send(
                null,
                address,
                users.existsByEmailAndEmailVerifiedAtIsNotNull(address)
                    ? MailKind.SIGN_UP_AGAIN
                    : MailKind.SIGN_UP,
                language));
    return email.isPresent();
  }

  /** Creates the account that the link in a mail is about; its address is verified. */
  SignUp confirm(String token, String password) {
    if (!Accounts.isPassword(password)) {
      return new Faults(Map.of("password", "signup.fault.password"));
    }
    if (links.find(token, links()).isEmpty()) {
      // Before the hash: it costs much, and anybody can make a link up.
      return new Faults(Map.of("token", "link.invalid"));
    }
    var hash = passwords.encode(password);
    try {
      return Objects.requireNonNull(
          transaction.execute(
              status ->
                  links
                      .use(token, links())
                      .<SignUp>map(
                          link -> {
                            var user = accounts.open(link.address(), hash, true);
                            endInvitation(link.address());
                            return new Welcome(user);
                          })
                      .orElseGet(() -> new Faults(Map.of("token", "link.invalid")))));
    } catch (DataIntegrityViolationException takenMeanwhile) {
      return new Faults(Map.of("token", "link.taken"));
    }
  }

  /**
   * Creates an account with an address that is not verified, where no mail server is configured.
   */
  SignUp signUp(String givenEmail, String password) {
    var email = EmailAddress.normalised(givenEmail).orElse("");
    var faults = faults(email, password);
    if (!faults.isEmpty()) {
      return new Faults(faults);
    }
    var hash = passwords.encode(password);
    try {
      return new Welcome(
          Objects.requireNonNull(transaction.execute(status -> accounts.open(email, hash, false))));
    } catch (DataIntegrityViolationException takenMeanwhile) {
      return new Faults(Map.of("email", "signup.fault.taken"));
    }
  }

  private Map<String, String> faults(String email, String password) {
    var faults = new LinkedHashMap<String, String>();
    if (email.isEmpty()) {
      faults.put("email", "signup.fault.email");
    } else if (users.existsByEmail(email)) {
      faults.put("email", "signup.fault.taken");
    }
    if (!Accounts.isPassword(password)) {
      faults.put("password", "signup.fault.password");
    }
    return faults;
  }

  /**
   * Invites the owner of an address, for a week. Returns the address as it is stored; empty if the
   * text is no address, if its owner has an account, or if no accounts are opened at all.
   */
  public Optional<String> invite(String givenEmail, String language) {
    var email =
        EmailAddress.normalised(givenEmail)
            .filter(address -> mode != Mode.OFF)
            .filter(address -> !users.existsByEmailAndEmailVerifiedAtIsNotNull(address));
    email.ifPresent(
        address -> {
          database
              .sql(
                  """
                  insert into accounts.invitations (address, expires_at) values (:address, :expires)
                  on conflict (address) do update set expires_at = excluded.expires_at
                  """)
              .param("address", address)
              .param("expires", Timestamps.of(clock.instant().plus(MailKind.INVITATION.life())))
              .update();
          outbox.send(null, address, MailKind.INVITATION, language);
        });
    return email;
  }

  /** Returns whether the owner of a verified address may have a new account. */
  boolean mayOpen(String address) {
    return switch (mode) {
      case OPEN -> true;
      case OFF -> false;
      case INVITED ->
          database
              .sql(
                  "select exists (select from accounts.invitations where address = ? and expires_at > ?)")
              .params(address, Timestamps.of(clock.instant()))
              .query(Boolean.class)
              .single();
    };
  }

  void endInvitation(String address) {
    database.sql("delete from accounts.invitations where address = ?").param(address).update();
  }
}
