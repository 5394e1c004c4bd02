package dev.behalf.worker.consume;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Verdict;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.StrictJson.Unreadable;
import dev.behalf.contract.WireName;
import dev.behalf.worker.MessageSecrets;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/**
 * Reads messages from the queue, and trusts a message only after verifying the signature over its
 * exact bytes.
 */
@Component
class MessageReader {

  private final MessageSecrets secrets;

  MessageReader(MessageSecrets secrets) {
    this.secrets = secrets;
  }

  sealed interface Reading {}

  record Job(JobMessage message) implements Reading {}

  /**
   * A message that is not a job for this worker.
   *
   * @param outcome the outcome of the job that the message names, or null if its signature is
   *     invalid or it names none
   */
  record Rejected(Reason reason, @Nullable JobOutcome outcome) implements Reading {}

  /** The reason for a rejection, which determines the verdict on the job. */
  enum Reason implements WireName {
    UNSIGNED,
    SIGNATURE_INVALID,
    TOO_LARGE,
    UNREADABLE,
    VERSION_UNKNOWN;

    /**
     * Only an unknown version is retried, because another worker may know it; nobody can ever read
     * the others.
     */
    private Verdict verdict() {
      return switch (this) {
        case TOO_LARGE ->
            new Failed(
                ProblemCode.PAYLOAD_TOO_LARGE.wire(),
                "Its message is larger than a worker takes: cut the input into smaller jobs.");
        case VERSION_UNKNOWN ->
            new Deferred(
                ProblemCode.UNAVAILABLE.wire(), "The worker is older than the message.", null);
        case UNSIGNED, SIGNATURE_INVALID, UNREADABLE ->
            new Failed(
                ProblemCode.INTERNAL.wire(),
                "No worker can read its message: tell the operator, who finds it in the dead letters.");
      };
    }
  }

  Reading read(Delivery delivery) {
    return read(delivery.header(JobMessage.SIGNATURE), delivery.body());
  }

  Reading read(@Nullable String seal, byte[] body) {
    if (seal == null) {
      return new Rejected(Reason.UNSIGNED, null);
    }
    if (!secrets.ring().unseals(seal, body)) {
      return new Rejected(Reason.SIGNATURE_INVALID, null);
    }
    return body.length > JobMessage.MAX_BYTES ? rejected(Reason.TOO_LARGE, body) : job(body);
  }

  private static Reading job(byte[] body) {
    try {
      var job = StrictJson.read(body, JobMessage.class);
      if (job.v() == JobMessage.VERSION) {
        return isComplete(job) ? new Job(job) : rejected(Reason.UNREADABLE, body);
      }
    } catch (Unreadable unreadable) {
      if (isOfThisVersion(body)) {
        return rejected(Reason.UNREADABLE, body);
      }
    }
    return rejected(Reason.VERSION_UNKNOWN, body);
  }

  /** Returns true also for invalid JSON: nothing indicates that a newer worker could read it. */
  private static boolean isOfThisVersion(byte[] body) {
    try {
      return StrictJson.MAPPER.readTree(body).path("v").asInt(JobMessage.VERSION)
          == JobMessage.VERSION;
    } catch (JacksonException noJson) {
      return true;
    }
  }

  /** Jackson reads a missing property as null, even if its type is not nullable. */
  private static boolean isComplete(JobMessage job) {
    return Stream.of(job.jobId(), job.userId(), job.environment(), job.payload())
        .allMatch(Objects::nonNull);
  }

  private static Rejected rejected(Reason reason, byte[] body) {
    return new Rejected(reason, outcome(reason, body));
  }

  /**
   * Returns the outcome of the job that the message names, or null if the ids cannot be read. The
   * message is signed, so the job is genuine.
   */
  private static @Nullable JobOutcome outcome(Reason reason, byte[] body) {
    try {
      var message = StrictJson.MAPPER.readTree(body);
      return new JobOutcome(
          JobOutcome.VERSION,
          UUID.fromString(message.path("job_id").asString("")),
          UUID.fromString(message.path("user_id").asString("")),
          Environment.of(message.path("environment").asString("")),
          message.path("attempt").asInt(0),
          reason.verdict(),
          List.of());
    } catch (JacksonException | IllegalArgumentException | NoSuchElementException namesNone) {
      return null;
    }
  }
}
