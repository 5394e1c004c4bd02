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
 * The user in whose name a request is made, whichever door it came by.
 *
 * @param onlyEnvironment what an API key opens; a session or a token opens both
 * @param scopes what both the credential and the user reach now
 * @param expiresAt when the credential ends by itself: what it issues must not outlive it
 * @param keyId of the key that it came with, if it was one
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
   * The environment that a request means.
   *
   * @throws Problem where a key of one environment asks for the other
   */
  public Environment environment(@Nullable Environment asked) {
    if (onlyEnvironment != null && asked != null && asked != onlyEnvironment) {
      throw new Problem(
          ProblemCode.ENVIRONMENT_MISMATCH,
          "Use a " + asked.wire() + " key, or leave \"environment\" out.");
    }
    if (onlyEnvironment != null) {
      return onlyEnvironment;
    }
    return asked == null ? Environment.LIVE : asked;
  }

  /** An operator looks, not the user: that must leave no trace but the one in the logs. */
  public boolean isViewed() {
    return actor.credential().equals(ViewedUser.CREDENTIAL);
  }

  public boolean maySee(Environment environment) {
    return onlyEnvironment == null || onlyEnvironment == environment;
  }
}
