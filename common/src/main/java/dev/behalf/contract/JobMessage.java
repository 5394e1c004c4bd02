package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One job on its way to a worker. It says whose it is and never holds a credential.
 *
 * @param payload a {@link JobPayload}, as it is stored
 * @param attempt counts from 1, kept in the job's row
 * @param originKeyId of the personal key that asked for it, if one did: its daily cap is charged
 */
public record JobMessage(
    int v,
    UUID jobId,
    UUID userId,
    Environment environment,
    RawJson payload,
    int attempt,
    Instant enqueuedAt,
    @JsonInclude(Include.NON_NULL) @Nullable String originKeyId) {

  public static final int VERSION = 1;

  /** A worker takes no more; web-app sends half of it, see {@link JobPayload#MAX_BYTES}. */
  public static final int MAX_BYTES = 1024 * 1024;

  /** Direct exchange; the routing key is the environment. */
  public static final String EXCHANGE = "behalf.jobs";

  public static final String LIVE_QUEUE = "jobs.live";
  public static final String TEST_QUEUE = "jobs.test";
  public static final String DEAD_QUEUE = "jobs.dead";

  /** Header with {@link KeyRing#seal} over the exact body bytes. */
  public static final String SIGNATURE = "behalf-signature";

  /** Header of a dead letter: why it is there. */
  public static final String REASON = "behalf-reason";

  public static String queue(Environment environment) {
    return environment == Environment.LIVE ? LIVE_QUEUE : TEST_QUEUE;
  }
}
