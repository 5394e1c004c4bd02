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
 * A request for a new job.
 *
 * @param notBefore earliest time at which a worker gets the job; null for now
 * @param idempotencyKey key under which a repeated request for the same job returns the existing
 *     job
 * @param originKeyId id of the API key that submits the job, if any; its daily cap is charged
 * @param actor the credential that asks, as the audit log names it
 * @param annotations what the submitter attaches to the job
 * @param retryOf id of the job that this one retries, if any
 */
public record Submission(
    Environment environment,
    JobPayload payload,
    Priority priority,
    @Nullable Instant notBefore,
    @Nullable String idempotencyKey,
    @Nullable String originKeyId,
    String actor,
    Annotations annotations,
    @Nullable UUID retryOf) {

  private static final Duration FARTHEST = Duration.ofDays(366);

  /** Returns a submission for a job that runs now. */
  public static Submission now(
      Environment environment,
      JobPayload payload,
      @Nullable String idempotencyKey,
      @Nullable String originKeyId,
      String actor) {
    return new Submission(
        environment,
        payload,
        Priority.NORMAL,
        null,
        idempotencyKey,
        originKeyId,
        actor,
        Annotations.NONE,
        null);
  }

  /**
   * Returns the submission that retries a job. A job has one retry, however often it is requested.
   * The retry counts toward the daily cap of the key that requests it or, if a person or an
   * operator does, of the key that submitted the job: a retry does not escape the cap of its job.
   *
   * @param keyId id of the API key that requests the retry, if any
   * @param actor the credential that requests the retry
   */
  public static Submission retry(Job job, @Nullable String keyId, String actor) {
    return new Submission(
        job.environment(),
        job.payload(),
        job.priority(),
        null,
        // The space keeps it apart from users' keys, which have none.
        "retry " + job.id(),
        keyId == null ? job.originKeyId() : keyId,
        actor,
        job.annotations(),
        job.id());
  }

  /**
   * Checks the time at which the job is to run.
   *
   * @throws Problem with what to change
   */
  void checkTime(Instant now) {
    if (notBefore != null && notBefore.isAfter(now.plus(FARTHEST))) {
      throw new Problem(
          ProblemCode.PAYLOAD_INVALID, "Set \"not_before\" to a time within a year from now.");
    }
  }

  /** Returns what tells this work from other work under the same idempotency key. */
  byte[] fingerprint() {
    return payload.fingerprint(environment);
  }
}
