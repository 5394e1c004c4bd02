package dev.behalf.engine;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The outcome of one call. */
public sealed interface EngineAnswer {

  /**
   * The engine has done the work.
   *
   * @param units the units that it reported, with the result or last before it
   */
  record Done(ObjectNode result, OptionalLong units) implements EngineAnswer {}

  /**
   * The engine refuses this input, now and later.
   *
   * @param code the engine's own code, in snake_case; {@code refused} if it gave none
   */
  record Refused(String code, String detail) implements EngineAnswer {}

  /** The result is larger than the operation allows; it would be so again. */
  record TooLarge(long limit) implements EngineAnswer {}

  /**
   * The engine cannot take the work now: no attempt.
   *
   * @param after when to ask again; null if the engine did not say
   */
  record Busy(@Nullable Duration after) implements EngineAnswer {}

  /** The caller has stopped the call. */
  record Stopped() implements EngineAnswer {}

  /**
   * The engine cannot be called as it is set up: no attempt, and nothing that a user can change.
   *
   * @param isUnreachable whether no connection was made, rather than a status answered
   * @param reason for operators
   */
  record Unusable(boolean isUnreachable, String reason) implements EngineAnswer {}

  /**
   * The engine failed: an attempt.
   *
   * @param isLost whether the connection was cut or silent, rather than a wrong answer given
   * @param reason for users and operators; quotes nothing of the answer
   * @param detail the engine's own words, for the user alone; empty if it gave none
   */
  record Failed(boolean isLost, String reason, String detail) implements EngineAnswer {

    public Failed(boolean isLost, String reason) {
      this(isLost, reason, "");
    }
  }
}
