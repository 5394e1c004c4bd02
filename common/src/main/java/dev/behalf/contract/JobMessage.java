package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message that brings one job to a worker. It names the job's owner and never holds a credential.
 *
 * @param payload the stored {@link JobPayload}, unchanged
 * @param attempt the number of the attempt, from 1, as counted in the job's row
 * @param originKeyId the id of the personal key that submitted the job, whose daily cap is charged;
 *     null if no personal key did
 * @param operationVersion the version of the operation that the job was submitted with; null in
 *     messages from before operations had versions, for version 1
 */
public record JobMessage(
    int v,
    UUID jobId,
    UUID userId,
    Environment environment,
    RawJson payload,
    int attempt,
    Instant enqueuedAt,
    @JsonInclude(Include.NON_NULL) @Nullable String originKeyId,
    @JsonInclude(Include.NON_NULL) @Nullable Integer operationVersion) {

  public static final int VERSION = 1;

  /**
   * The largest message that a worker accepts, in bytes; web-app sends at most half of it, see
   * {@link JobPayload#MAX_BYTES}.
   */
  public static final int MAX_BYTES = 1024 * 1024;

  /** The direct exchange; the routing key is the environment. */
  public static final String EXCHANGE = "behalf.jobs";

  public static final String LIVE_QUEUE = "jobs.live";
  public static final String TEST_QUEUE = "jobs.test";
  public static final String DEAD_QUEUE = "jobs.dead";

  /** The header that holds {@link KeyRing#seal} over the exact bytes of the body. */
  public static final String SIGNATURE = "behalf-signature";

  /** The header of a dead letter that holds the reason for its rejection. */
  public static final String REASON = "behalf-reason";

  /** Returns a message for a warm-up, of no job and no user: a look-up finds no key for it. */
  public static JobMessage ofNobody() {
    return new JobMessage(
        VERSION,
        UUID.randomUUID(),
        UUID.randomUUID(),
        Environment.TEST,
        new RawJson(StrictJson.text(JobPayload.of("", ""))),
        1,
        Instant.EPOCH,
        null,
        null);
  }

  public static String queue(Environment environment) {
    return environment == Environment.LIVE ? LIVE_QUEUE : TEST_QUEUE;
  }
}
