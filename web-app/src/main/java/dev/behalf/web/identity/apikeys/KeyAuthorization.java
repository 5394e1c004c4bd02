package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.security.Caller;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What a caller may do to keys, asked again inside the transaction. The user's row is locked first,
 * so that issuing, rotating and revoking everything come one after the other: nothing is issued
 * with a key that was revoked in the meantime, and nothing escapes who revokes all.
 */
@Repository
class KeyAuthorization {

  private final EntityManager entities;
  private final JdbcClient database;

  KeyAuthorization(EntityManager entities, JdbcClient database) {
    this.entities = entities;
    this.database = database;
  }

  /**
   * How far a caller reaches.
   *
   * @param networks where the calling key is taken from; none means anywhere
   * @param expiresAt when the calling credential ends
   */
  record Authority(
      ApiKey.Issuer issuer, Set<Scope> scopes, List<String> networks, @Nullable Instant expiresAt) {

    /** Otherwise a key could be used to get at one that may do more. */
    void requireReach(Set<Scope> asked) {
      if (!scopes.containsAll(asked)) {
        throw new Problem(
            ProblemCode.SCOPE_MISSING,
            "Ask for no more than you may do yourself: " + Scope.format(scopes) + ".");
      }
    }

    void requireWithin(List<String> asked) {
      if (!networks.isEmpty()
          && (asked.isEmpty() || !asked.stream().allMatch(one -> NewKey.isWithin(one, networks)))) {
        throw NewKey.fault(
            "networks", "Stay within those of your own key: " + String.join(", ", networks) + ".");
      }
    }

    void requireNoLongerThan(@Nullable Instant asked) {
      if (expiresAt != null && (asked == null || asked.isAfter(expiresAt))) {
        throw NewKey.fault(
            "expires_at", "Choose no later than %s: then your own key ends.".formatted(expiresAt));
      }
    }
  }

  /**
   * Locks the user and looks again at what the caller came with.
   *
   * @throws Problem where the credential has ended meanwhile, or is on its way out
   */
  Authority claim(Caller caller, Instant now) {
    var scopes = Scope.both(caller.scopes(), lockUser(caller.userId()));
    var credential = caller.actor().credential();
    return switch (caller.scheme()) {
      case API_KEY -> ofKey(caller, scopes, now);
      case BEARER ->
          new Authority(
              new ApiKey.Issuer(credential, application(caller)), scopes, List.of(), null);
      default -> new Authority(new ApiKey.Issuer(credential, null), scopes, List.of(), null);
    };
  }

  private Set<Scope> lockUser(UUID userId) {
    return database
        .sql("select scopes from accounts.users where id = ? for no key update")
        .param(userId)
        .query(String.class)
        .optional()
        .map(Scope::parse)
        .orElseThrow(KeyAuthorization::ended);
  }

  /** One that is being replaced may neither take that back nor provide for the time after it. */
  private Authority ofKey(Caller caller, Set<Scope> scopes, Instant now) {
    var key =
        entities.find(
            ApiKey.class,
            new ApiKey.Key(caller.userId(), String.valueOf(caller.keyId())),
            LockModeType.PESSIMISTIC_WRITE);
    if (key == null || key.state(now) != KeyState.ACTIVE) {
      throw ended();
    }
    return new Authority(
        new ApiKey.Issuer(caller.actor().credential(), key.applicationId),
        Scope.both(scopes, Scope.parse(key.scopes)),
        key.networkList(),
        key.expiresAt);
  }

  /** That still acts for the user. */
  private UUID application(Caller caller) {
    return database
        .sql(
            """
            select a.id from accounts.consents c join accounts.applications a on a.id = c.application_id
            where c.user_id = ? and 'application ' || a.client_id = ?
            """)
        .params(caller.userId(), caller.actor().credential())
        .query(UUID.class)
        .optional()
        .orElseThrow(
            () ->
                new Problem(
                    ProblemCode.TOKEN_INVALID, "The user has withdrawn what this token allowed."));
  }

  private static Problem ended() {
    return new Problem(
        ProblemCode.KEY_INVALID,
        "Use a key that is active: one that is being replaced issues and rotates none.");
  }
}
