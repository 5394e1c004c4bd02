package dev.behalf.web.identity.accounts;

import dev.behalf.contract.EmailAddress;
import dev.behalf.server.sql.Timestamps;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The accounts of users for whom another provider vouches. */
@Component
class ProviderIdentities {

  private final Accounts accounts;
  private final Users users;
  private final SignUps signUps;
  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final InstantSource clock;

  ProviderIdentities(
      Accounts accounts,
      Users users,
      SignUps signUps,
      JdbcClient database,
      TransactionTemplate transaction,
      InstantSource clock) {
    this.accounts = accounts;
    this.users = users;
    this.signUps = signUps;
    this.database = database;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** A user's identity as stated by another provider. */
  record Identity(String issuer, String subject, String email, boolean isEmailVerified) {}

  /**
   * Returns the account of a user whom a provider vouches for, and creates it at the first sign-in
   * where sign-up is open to the user. A verified address that already has an account is refused:
   * otherwise anyone who could make a provider vouch for the address would get into that account.
   * An account that only claims the address, unverified, is kept and blocks nobody.
   */
  Optional<SignedIn> signInWith(Identity identity) {
    return find(identity).or(() -> signUpWith(identity));
  }

  private Optional<SignedIn> find(Identity identity) {
    return database
        .sql(
            """
            select u.id, u.email from accounts.identities i join accounts.users u on u.id = i.user_id
            where i.issuer = ? and i.subject = ? and u.disabled_at is null
            """)
        .params(identity.issuer(), identity.subject())
        .query(
            (row, index) ->
                new SignedIn(row.getObject("id", UUID.class), row.getString("email"), null))
        .optional();
  }

  private Optional<SignedIn> signUpWith(Identity identity) {
    var email = EmailAddress.normalised(identity.email()).orElse("");
    if (email.isEmpty()
        || !identity.isEmailVerified()
        || users.existsByEmailAndEmailVerifiedAtIsNotNull(email)
        || !signUps.mayOpen(email)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Objects.requireNonNull(transaction.execute(status -> open(identity, email))));
    } catch (DataIntegrityViolationException meanwhile) {
      return find(identity);
    }
  }

  private SignedIn open(Identity identity, String email) {
    var user = accounts.open(email, null, true);
    database
        .sql(
            "insert into accounts.identities (user_id, issuer, subject, created_at) values (?, ?, ?, ?)")
        .params(user.id(), identity.issuer(), identity.subject(), Timestamps.of(clock.instant()))
        .update();
    signUps.endInvitation(email);
    return user;
  }
}
