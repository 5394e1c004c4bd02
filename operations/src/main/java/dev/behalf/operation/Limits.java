package dev.behalf.operation;

import dev.behalf.contract.CallLimits;
import dev.behalf.contract.JobPayload;
import java.time.Duration;

/**
 * The bounds of an operation.
 *
 * @param runWithin how long the engine may compute
 * @param startWithin how long a job may wait for an engine that is busy or unavailable; waiting is
 *     no attempt
 * @param silence how long an engine may be silent that streams its answer
 * @param attempts the number of attempts after which a job fails
 * @param atOnce the most jobs that run at once in the whole installation, live and test together
 * @param atOncePerUser the most of these of one user
 * @param input the largest input as JSON, in bytes
 * @param text the largest text within the input, in bytes of UTF-8
 * @param output the largest result as JSON, in bytes
 */
public record Limits(
    Duration runWithin,
    Duration startWithin,
    Duration silence,
    int attempts,
    int atOnce,
    int atOncePerUser,
    long input,
    long text,
    long output) {

  /** The largest input of any operation, in bytes; a message to a worker has room for it. */
  static final long LARGEST_INPUT = JobPayload.MAX_BYTES;

  /** The largest result of a quick operation: what a worker reads, less what surrounds it. */
  static final long LARGEST_QUICK_OUTPUT = CallLimits.MAX_ANSWER_BYTES - 1024L;

  /** The longest time for which a run may compute. */
  static final Duration LONGEST_RUN = Duration.ofHours(24);

  /** The most attempts of any operation, which are also the default. */
  static final int MOST_ATTEMPTS = 20;

  static final int DEFAULT_AT_ONCE = 8;

  /** The most calls of a quick operation at once: workers keep places for other jobs. */
  static final int MOST_AT_ONCE = 64;

  /** The most runs at once of a long operation, which keep no place at a worker. */
  static final int MOST_RUNS_AT_ONCE = 10_000;
}
