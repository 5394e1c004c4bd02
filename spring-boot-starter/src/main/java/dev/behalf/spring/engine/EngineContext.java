package dev.behalf.spring.engine;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One call of an engine: whose work it is, and what the method can say while it works. What is said
 * during an operation with {@code run: long} is shown to the job's owner as it comes. All methods
 * may be called by several threads until the method of the engine has returned.
 *
 * <p>Behalf cancels a call by closing its connection, which is noticed within seconds for {@code
 * run: long}: the thread of the method is then interrupted, and {@link #isCancelled} is true.
 */
public interface EngineContext {

  /** The job; the same for each attempt. */
  UUID jobId();

  /** This call. A later call for the same job supersedes it. */
  UUID runId();

  /** The user whose work it is. */
  UUID userId();

  /** {@code live} or {@code test}. */
  String environment();

  /** The operation with its version, such as {@code letter@3}. */
  String operation();

  /** The number of the attempt, from 1. */
  int attempt();

  /** The most units that can be charged; 0 where the engine reports none. */
  long maxUnits();

  /** When Behalf closes the connection. */
  Instant deadline();

  /** A token with which another system can be called as the user, if the operation has one. */
  Optional<String> jobToken();

  /**
   * Says how far the work is.
   *
   * @param fraction 0 to 1
   * @throws IllegalArgumentException for another fraction
   */
  void progress(double fraction, String message);

  /** Adds to what the owner can read already. */
  void output(String delta);

  /** Adds a line to the log of the job, which its owner reads. */
  void log(String message);

  /**
   * Reports the units of the work so far. The last report is what the job costs.
   *
   * @throws IllegalArgumentException for a negative number
   */
  void units(long soFar);

  /** Returns whether the work is no longer wanted. */
  boolean isCancelled();
}
