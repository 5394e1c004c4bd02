package dev.behalf.worker.consume;

import dev.behalf.contract.JobMessage;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.StrictJson.Unreadable;
import dev.behalf.worker.MessageSecrets;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.amqp.core.Message;
import org.springframework.stereotype.Component;

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

  Reading read(Message message) {
    var body = message.getBody();
    if (body.length > MAX_BYTES) {
      return new Rejected("too_large");
    }
    if (!(message.getMessageProperties().getHeader(JobMessage.SIGNATURE) instanceof String seal)) {
      return new Rejected("unsigned");
    }
    if (!secrets.ring().unseals(seal, body)) {
      return new Rejected("signature_invalid");
    }
    return job(body);
  }

  private static Reading job(byte[] body) {
    try {
      if (StrictJson.MAPPER.readTree(body).path("v").asInt(0) != JobMessage.VERSION) {
        return new Rejected("version_unknown");
      }
      var job = StrictJson.read(body, JobMessage.class);
      return isComplete(job) ? new Job(job) : new Rejected("unreadable");
    } catch (Unreadable | tools.jackson.core.JacksonException unreadable) {
      return new Rejected("unreadable");
    }
  }

  /** A property that is absent is null here, whatever its type says. */
  private static boolean isComplete(JobMessage job) {
    return Stream.of(job.jobId(), job.userId(), job.environment(), job.payload())
        .allMatch(Objects::nonNull);
  }
}
