package dev.behalf.operation;

import dev.behalf.contract.CallLimits;
import dev.behalf.contract.JobPayload;
import java.time.Duration;

/**
 * The bounds of an operation.
 *
 * @param runWithin how long the engine may compute
 * @param input the largest input as JSON, in bytes
 * @param text the largest text within the input, in bytes of UTF-8
 * @param output the largest result as JSON, in bytes
 */
public record Limits(Duration runWithin, long input, long text, long output) {

  /** The largest input of any operation, in bytes; a message to a worker has room for it. */
  static final long LARGEST_INPUT = JobPayload.MAX_BYTES;

  /** The largest result of a quick operation: what a worker reads, less what surrounds it. */
  static final long LARGEST_QUICK_OUTPUT = CallLimits.MAX_ANSWER_BYTES - 1024L;
}
