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
 * Checks inside the transaction what a caller may do to keys. The check locks the user's row first,
 * so that issuing, rotating and revoking keys happen one after the other: a key that was just
 * revoked issues nothing, and no new key escapes a call that revokes all.
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
   * A caller's authority over keys.
   *
   * @param networks networks that the calling key is accepted from; empty means any
   * @param expiresAt when the calling credential expires
   */
  record Authority(
      ApiKey.Issuer issuer, Set<Scope> scopes, List<String> networks, @Nullable Instant expiresAt) {

    /**
     * Requires that the caller has the scopes: otherwise a key could obtain one with more rights.
     */
    void requireReach(Set<Scope> asked) {
      if (!scopes.containsAll(asked)) {
        throw new Problem(
            ProblemCode.SCOPE_MISSING,
            "Request only scopes that you have: " + Scope.format(scopes) + ".");
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
   * Locks the user and checks the caller's credential again.
   *
   * @throws Problem if the credential has ended meanwhile, or is being replaced
   */
  Authority claim(Caller caller, Instant now) {
    var scopes = Scope.both(caller.scopes(), lockUser(caller.userId()));
    var credential = caller.actor().credential();
    return switch (caller.scheme()) {
      case API_KEY -> ofKey(caller, scopes, now);
      case BEARER ->
          new Authority(
              new ApiKey.Issuer(credential, application(caller), null), scopes, List.of(), null);
      case ACTING ->
          new Authority(
              new ApiKey.Issuer(credential, null, platform(caller)), scopes, List.of(), null);
      default -> new Authority(ApiKey.Issuer.own(credential), scopes, List.of(), null);
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

  /**
   * Returns the authority of an active key. A key that is being replaced may neither undo its
   * rotation nor issue keys that outlast it.
   */
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
        new ApiKey.Issuer(caller.actor().credential(), key.applicationId, key.platformId),
        Scope.both(scopes, Scope.parse(key.scopes)),
        key.networkList(),
        key.expiresAt);
  }

  /** Returns the id of the calling application, which must still have the user's consent. */
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
                    ProblemCode.TOKEN_INVALID,
                    "The user revoked this token: ask the user to authorize the application again."));
  }

  /**
   * Returns the id of the calling platform, which must still have the right to act. Its row is
   * locked, so that no new key escapes the end of the platform.
   */
  private UUID platform(Caller caller) {
    return database
        .sql(
            """
            select p.id from accounts.platform_users u join accounts.platforms p on p.id = u.platform_id
            where u.user_id = ? and 'platform ' || p.name = ?
              and u.acting_ended_at is null and p.ended_at is null
            for share of p
            """)
        .params(caller.userId(), caller.actor().credential())
        .query(UUID.class)
        .optional()
        .orElseThrow(
            () ->
                new Problem(
                    ProblemCode.TOKEN_INVALID, "The platform may no longer act for this user."));
  }

  private static Problem ended() {
    return new Problem(
        ProblemCode.KEY_INVALID,
        "Use an active key: a key in its grace period cannot issue or rotate keys.");
  }
}
