package dev.behalf.e2e.faults;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a client was told about one job.
 *
 * @param asked how often it had to ask
 * @param status 0 where it gave up without an answer
 */
record Acknowledged(
    UUID userId, String text, String idempotencyKey, int asked, int status, @Nullable UUID jobId) {

  boolean isAccepted() {
    return jobId != null;
  }

  /** A line of the written list. */
  String line() {
    return String.join(
        ",",
        userId.toString(),
        idempotencyKey,
        String.valueOf(asked),
        String.valueOf(status),
        String.valueOf(jobId));
  }
}
