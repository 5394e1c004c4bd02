package dev.behalf.web.doors;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.problem.Problem;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The user in whose name a request is made, whichever door it came by.
 *
 * @param onlyEnvironment what an API key opens; a session opens both
 */
public record Caller(UUID userId, @Nullable Environment onlyEnvironment) {

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

  public boolean maySee(Environment environment) {
    return onlyEnvironment == null || onlyEnvironment == environment;
  }
}
