package dev.behalf.contract;

import java.time.Duration;

/**
 * The order of a job's time limits: an operation's time limit is shorter than a worker's call
 * timeout, the call timeout is shorter than the job's lease, and the lease is shorter than the
 * broker's timeout for an acknowledgement. Each service checks its part at startup: in the wrong
 * order, jobs would be computed again and again.
 */
public final class CallLimits {

  /** The maximum size of an answer of compute-server, in bytes; workers read no more. */
  public static final int MAX_ANSWER_BYTES = 4 * 1024 * 1024;

  /** How long a request waits for a compute slot at compute-server. */
  public static final Duration FOR_A_PLACE = Duration.ofSeconds(5);

  /** The longest time for which a quick operation may compute. */
  public static final Duration QUICK_RUN = Duration.ofSeconds(20);

  private CallLimits() {}

  /**
   * Checks that one duration is shorter than another.
   *
   * @throws IllegalArgumentException if it is not; the message names both settings
   */
  public static void requireShorter(
      String name, Duration shorter, String otherName, Duration longer) {
    if (shorter.compareTo(longer) >= 0) {
      throw new IllegalArgumentException(
          "%s (%d s) must be shorter than %s (%d s): change one of them."
              .formatted(name, shorter.toSeconds(), otherName, longer.toSeconds()));
    }
  }
}
