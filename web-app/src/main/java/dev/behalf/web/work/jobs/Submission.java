package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job that is asked for.
 *
 * @param notBefore no worker gets it earlier
 * @param idempotencyKey the same key and job again give the job that is there
 * @param originKeyId of the key that asks for it, if one does: its daily cap is charged
 * @param retryOf the job that it does again, if it does
 */
public record Submission(
    Environment environment,
    JobPayload payload,
    Priority priority,
    @Nullable Instant notBefore,
    @Nullable String idempotencyKey,
    @Nullable String originKeyId,
    @Nullable UUID retryOf) {

  private static final Duration FARTHEST = Duration.ofDays(366);

  /** One that is to run now. */
  public static Submission now(
      Environment environment,
      JobPayload payload,
      @Nullable String idempotencyKey,
      @Nullable String originKeyId) {
    return new Submission(
        environment, payload, Priority.NORMAL, null, idempotencyKey, originKeyId, null);
  }

  /**
   * The same work again, as a job of its own; however often it is asked for, once. It costs the
   * daily cap of the key that asks now or, where a person or an operator does, of the key that
   * asked first: nobody's second try is free of the bound of the first.
   *
   * @param keyId of the key that asks now, if one does
   */
  public static Submission again(Job job, @Nullable String keyId) {
    return new Submission(
        job.environment(),
        job.payload(),
        job.priority(),
        null,
        // With a space, which no key of a user has.
        "retry " + job.id(),
        keyId == null ? job.originKeyId() : keyId,
        job.id());
  }

  /**
   * Refuses what could never run.
   *
   * @throws Problem that says what to change
   */
  void check(Instant now) {
    payload
        .violation()
        .ifPresent(
            fault -> {
              throw Problem.of(fault);
            });
    if (notBefore != null && notBefore.isAfter(now.plus(FARTHEST))) {
      throw new Problem(
          ProblemCode.PAYLOAD_INVALID, "Set \"not_before\" to a time within a year from now.");
    }
  }
}
