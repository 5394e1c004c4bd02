package dev.behalf.worker.consume;

import dev.behalf.contract.JobMessage;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.StrictJson.Unreadable;
import dev.behalf.worker.MessageSecrets;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/** Trusts nothing that comes from a queue before its signature is checked over the exact bytes. */
@Component
class MessageReader {

  /** Twice what web-app can send: see {@link dev.behalf.contract.JobPayload}. */
  private static final int MAX_BYTES = 1024 * 1024;

  private final MessageSecrets secrets;

  MessageReader(MessageSecrets secrets) {
    this.secrets = secrets;
  }

  sealed interface Reading {}

  record Job(JobMessage message) implements Reading {}

  record Rejected(String reason) implements Reading {}

  Reading read(Delivery delivery) {
    var body = delivery.body();
    if (body.length > MAX_BYTES) {
      return new Rejected("too_large");
    }
    var seal = delivery.header(JobMessage.SIGNATURE);
    if (seal == null) {
      return new Rejected("unsigned");
    }
    if (!secrets.ring().unseals(seal, body)) {
      return new Rejected("signature_invalid");
    }
    return job(body);
  }

  private static Reading job(byte[] body) {
    try {
      var job = StrictJson.read(body, JobMessage.class);
      if (job.v() == JobMessage.VERSION) {
        return isComplete(job) ? new Job(job) : new Rejected("unreadable");
      }
    } catch (Unreadable unreadable) {
      if (isOfThisVersion(body)) {
        return new Rejected("unreadable");
      }
    }
    return new Rejected("version_unknown");
  }

  /** Also where it is no JSON: then nothing says that a newer worker could read it. */
  private static boolean isOfThisVersion(byte[] body) {
    try {
      return StrictJson.MAPPER.readTree(body).path("v").asInt(JobMessage.VERSION)
          == JobMessage.VERSION;
    } catch (JacksonException noJson) {
      return true;
    }
  }

  /** A property that is absent is null here, whatever its type says. */
  private static boolean isComplete(JobMessage job) {
    return Stream.of(job.jobId(), job.userId(), job.environment(), job.payload())
        .allMatch(Objects::nonNull);
  }
}
