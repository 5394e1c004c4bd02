package dev.behalf.web.site.security;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.audit.Actor;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The user on whose behalf a request is made, whatever the authentication scheme.
 *
 * @param onlyEnvironment the environment of an API key; null for a session or a token, which opens
 *     both
 * @param scopes intersection of the credential's scopes and the user's current ones
 * @param expiresAt when the credential expires; what it issues must not outlive it
 * @param keyId id of the API key; null for other credentials
 */
public record Caller(
    UUID userId,
    AuthenticationScheme scheme,
    @Nullable Environment onlyEnvironment,
    Set<Scope> scopes,
    @Nullable Instant expiresAt,
    @Nullable String keyId,
    Actor actor) {

  /**
   * Returns the environment that a request is about.
   *
   * @throws Problem if a key of one environment asks for the other
   */
  public Environment environment(@Nullable Environment asked) {
    return environment(onlyEnvironment, asked);
  }

  /**
   * Returns the environment that a request is about; live if neither says one.
   *
   * @param only the environment of the credential
   * @throws Problem if the two differ
   */
  public static Environment environment(@Nullable Environment only, @Nullable Environment asked) {
    if (only != null && asked != null && asked != only) {
      throw new Problem(
          ProblemCode.ENVIRONMENT_MISMATCH,
          "Use a " + asked.wire() + " key, or leave \"environment\" out.");
    }
    if (only != null) {
      return only;
    }
    return asked == null ? Environment.LIVE : asked;
  }

  /**
   * Returns whether an operator is viewing as the user. Viewing must leave no trace except in the
   * logs.
   */
  public boolean isViewed() {
    return actor.credential().equals(ViewedUser.CREDENTIAL);
  }

  public boolean maySee(Environment environment) {
    return onlyEnvironment == null || onlyEnvironment == environment;
  }
}
