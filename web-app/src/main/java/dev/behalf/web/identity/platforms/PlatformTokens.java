package dev.behalf.web.identity.platforms;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.Scope;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Says who calls with a platform's token. The signature says what was issued; whether the client,
 * the platform and its right to act for the user still stand is looked up, so that a token ends
 * within a second although no row is kept of it.
 */
@Component
public class PlatformTokens {

  /** The claim that tells a platform's token from an application's. */
  public static final String PLATFORM = "platform";

  /** The claim for who acts (RFC 8693, section 4.1). */
  public static final String ACT = "act";

  private final Platforms platforms;
  private final JdbcClient database;
  private final InstantSource clock;
  private final LoadingCache<User, Optional<UUID>> users =
      Caffeine.newBuilder()
          .maximumSize(100_000)
          .expireAfterWrite(Platforms.MAX_AGE)
          .build(this::read);

  PlatformTokens(Platforms platforms, JdbcClient database, InstantSource clock) {
    this.platforms = platforms;
    this.database = database;
    this.clock = clock;
  }

  /** A user as a platform names it, by one of two names. */
  private record User(UUID platformId, @Nullable String externalId, @Nullable UUID userId) {}

  /**
   * Returns the principal of a token whose signature is right.
   *
   * @param externalId the user for whom the request says that it is made; null for the platform as
   *     itself
   * @throws Problem if the token has ended, or the platform may not act for the user
   */
  public RequestPrincipal principal(JWTClaimsSet claims, @Nullable String externalId) {
    try {
      if (!claims.getExpirationTime().toInstant().isAfter(clock.instant())) {
        // The check of the signature allows a minute for clocks that differ.
        throw ended();
      }
      var client =
          platforms
              .client(String.valueOf(claims.getStringClaim("client_id")))
              .orElseThrow(PlatformTokens::ended);
      var scopes = Scope.parse(Objects.requireNonNullElse(claims.getStringClaim("scope"), ""));
      if (claims.getClaim(ACT) != null) {
        return exchanged(client, UUID.fromString(claims.getSubject()), scopes, externalId);
      }
      var own = Scope.both(scopes, client.scopes());
      return externalId == null
          ? new PlatformPrincipal(client, own)
          : new ActingPrincipal(userOf(client, externalId), client, granted(own));
    } catch (ParseException unreadable) {
      throw ended();
    }
  }

  private ActingPrincipal exchanged(
      PlatformClient client, UUID userId, Set<Scope> scopes, @Nullable String externalId) {
    if (externalId != null) {
      throw new Problem(
          ProblemCode.FORBIDDEN,
          "This token acts for one user already: leave Behalf-On-Behalf-Of out.");
    }
    if (users.get(new User(client.platformId(), null, userId)).isEmpty()) {
      throw ended();
    }
    return new ActingPrincipal(userId, client, Scope.both(scopes, granted(client.scopes())));
  }

  /**
   * Returns the id of a platform's user for whom it may act.
   *
   * @throws Problem if there is no such user; it creates none
   */
  public UUID userOf(PlatformClient client, String externalId) {
    return (ExternalId.isValid(externalId)
            ? users.get(new User(client.platformId(), externalId, null))
            : Optional.<UUID>empty())
        .orElseThrow(
            () ->
                new Problem(
                    ProblemCode.NOT_FOUND,
                    "You may act for no user with this external id: create the user first, with"
                        + " PUT /api/v1/users/{external_id}."));
  }

  /** Returns the scopes that a platform with some scopes has when it acts for a user. */
  public static Set<Scope> granted(Set<Scope> scopes) {
    var granted = EnumSet.noneOf(Scope.class);
    scopes.forEach(scope -> granted.addAll(scope.grants()));
    return granted;
  }

  private Optional<UUID> read(User user) {
    return database
        .sql(
            """
            select user_id from accounts.platform_users
            where platform_id = :platform and acting_ended_at is null
              and (external_id = :external_id or user_id = :user)
            """)
        .param("platform", user.platformId())
        .param("external_id", user.externalId())
        .param("user", user.userId())
        .query(UUID.class)
        .optional();
  }

  private static Problem ended() {
    return new Problem(
        ProblemCode.TOKEN_INVALID,
        "The platform, its client or its right to act for this user has ended.");
  }
}
