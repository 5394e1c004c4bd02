package dev.behalf.contract;

import java.time.Duration;

/**
 * The chain of time limits of a job: an operation computes for less time than a worker waits for
 * the answer, that takes less than the lease of the job, and that less than the broker waits for an
 * acknowledgement. Each service checks its part at the start: a chain in the wrong order would
 * compute jobs twice, over and over.
 */
public final class CallLimits {

  /** Of an answer of compute-server: no worker reads more. */
  public static final int MAX_ANSWER_BYTES = 4 * 1024 * 1024;

  /** compute-server waits so long for a place before it computes. */
  public static final Duration FOR_A_PLACE = Duration.ofSeconds(5);

  private CallLimits() {}

  /**
   * Refuses a contradiction.
   *
   * @throws IllegalArgumentException with a sentence that names both
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
