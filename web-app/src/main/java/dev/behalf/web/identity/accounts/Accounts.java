package dev.behalf.web.identity.accounts;

import dev.behalf.contract.EmailAddress;
import dev.behalf.contract.Environment;
import dev.behalf.contract.StorableText;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.identity.apikeys.ManagedKeys;
import dev.behalf.web.site.UuidV7;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.security.Sessions;
import java.text.Normalizer;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The users' accounts: opened, looked up at sign-in, and deleted. An account is created together
 * with its managed keys, or not at all.
 */
@Component
public class Accounts implements UserDetailsService {

  private static final int MAX_TRIES = 5;

  private final Users users;
  private final ManagedKeys keys;
  private final JdbcClient database;
  private final Sessions sessions;
  private final AuditLog audit;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  Accounts(
      Users users,
      ManagedKeys keys,
      JdbcClient database,
      Sessions sessions,
      AuditLog audit,
      TransactionTemplate transaction,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.users = users;
    this.keys = keys;
    this.database = database;
    this.sessions = sessions;
    this.audit = audit;
    this.transaction = transaction;
    this.events = events;
    this.clock = clock;
  }

  /** The event published in the transaction in which an account is opened for a person. */
  public record SignedUp() {}

  /** The event published when an account has been deleted. */
  public record Deleted() {}

  /**
   * Opens an account, inside the caller's transaction.
   *
   * @param passwordHash null for a user who signs in with another provider
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public SignedIn open(String email, @Nullable String passwordHash, boolean isVerified) {
    var user = new User(UuidV7.at(clock.instant()), email, passwordHash, clock.instant());
    user.emailVerifiedAt = isVerified ? clock.instant() : null;
    store(user);
    events.publishEvent(new SignedUp());
    return new SignedIn(user.id, email, null);
  }

  /**
   * A user's account settings.
   *
   * @param isVerified whether the address was verified
   * @param hasPassword false for a user who signs in only with another provider
   */
  public record Choices(
      String email, boolean isVerified, boolean hasPassword, boolean revokeLeaked) {}

  public Choices choices(UUID userId) {
    return users
        .findById(userId)
        .map(
            user ->
                new Choices(
                    user.address(),
                    user.emailVerifiedAt != null,
                    user.passwordHash != null,
                    user.revokeLeaked))
        .orElseThrow(Problem::notFound);
  }

  /** Sets whether a key that is reported as public is revoked at once. */
  public void revokeLeaked(UUID userId, boolean wanted, Actor actor) {
    transaction.executeWithoutResult(
        status -> {
          users.findById(userId).orElseThrow(Problem::notFound).revokeLeaked = wanted;
          audit.write(userId, actor, "account.leak_choice", null, Map.of("revoke_leaked", wanted));
        });
  }

  /**
   * Deletes a user with all data, sessions and tokens; keys are refused within a second. Charges
   * remain as totals that name no user, so that the operator's sums still add up.
   *
   * @return whether there was such a user
   */
  public boolean delete(UUID userId, Actor by) {
    boolean isDeleted;
    for (int tries = 1; ; tries++) {
      try {
        isDeleted = Boolean.TRUE.equals(transaction.execute(status -> deleteNow(userId, by)));
        break;
      } catch (PessimisticLockingFailureException busy) {
        // The database aborted the transaction: it conflicted with the user's jobs in flight.
        if (tries == MAX_TRIES) {
          throw busy;
        }
      }
    }
    // Again: a session may have begun in the meantime.
    sessions.endAll(userId);
    if (isDeleted) {
      events.publishEvent(new Deleted());
    }
    return isDeleted;
  }

  private boolean deleteNow(UUID userId, Actor by) {
    // Lock first, so that nothing is charged between the totals and the deletion.
    var known =
        database
            .sql("select 1 from accounts.users where id = ? for update")
            .param(userId)
            .query(Integer.class)
            .optional();
    if (known.isEmpty()) {
      return false;
    }
    // Without the address: the row outlives the account.
    var actor = new Actor(by.credential(), null, null);
    audit.write(null, actor, "account.deleted", null, Map.of("charges", closingTotals(userId)));
    database.sql("delete from accounts.users where id = ?").param(userId).update();
    database
        .sql("delete from accounts.spring_session where principal_name = ?")
        .param(userId.toString())
        .update();
    return true;
  }

  private List<Map<String, Object>> closingTotals(UUID userId) {
    return database
        .sql(
            """
            select environment, period, count(*) as jobs, sum(units) as units
            from compute.ledger where user_id = ? group by 1, 2 order by 1, 2
            """)
        .param(userId)
        .query(
            (row, index) ->
                Map.<String, Object>of(
                    "environment", row.getString("environment"),
                    "period", row.getString("period"),
                    "jobs", row.getLong("jobs"),
                    "units", row.getLong("units")))
        .list();
  }

  /**
   * Opens an account without an address and a password, inside the caller's transaction: nobody
   * signs in to it, and a platform acts for its user.
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public UUID openWithoutSignIn() {
    var user = new User(UuidV7.at(clock.instant()), null, null, clock.instant());
    store(user);
    return user.id;
  }

  private void store(User user) {
    users.save(user);
    keys.issue(user.id, Environment.LIVE);
    keys.issue(user.id, Environment.TEST);
  }

  /**
   * Returns whether a text can be a password: storable, and 12 to 128 characters in NFC, the form
   * that is hashed.
   */
  static boolean isPassword(String given) {
    var password = Normalizer.normalize(given, Normalizer.Form.NFC);
    int characters = password.codePointCount(0, password.length());
    return characters >= 12 && characters <= 128 && StorableText.isStorable(password);
  }

  /** Returns a user who may sign in. */
  public Optional<SignedIn> signedIn(UUID userId) {
    return users
        .findById(userId)
        .filter(user -> user.disabledAt == null)
        .map(user -> new SignedIn(user.id, user.address(), null));
  }

  @Override
  public SignedIn loadUserByUsername(String email) {
    return EmailAddress.normalised(email)
        .map(users::findByEmail)
        .filter(found -> !found.isEmpty())
        // Accounts from before addresses were normalised.
        .orElseGet(() -> users.findByEmail(email.strip().toLowerCase(Locale.ROOT)))
        .stream()
        // If two accounts have the address, prefer the one with a password, then the verified one.
        .max(
            Comparator.<User, Boolean>comparing(user -> user.passwordHash != null)
                .thenComparing(user -> user.emailVerifiedAt != null))
        .filter(user -> user.disabledAt == null)
        .map(user -> new SignedIn(user.id, user.address(), user.passwordHash))
        .orElseThrow(() -> new UsernameNotFoundException("There is no such account."));
  }
}
