package dev.behalf.worker.consume;

import com.rabbitmq.client.AMQP;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.RawJson;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Messages as a broker delivers them. */
final class Deliveries {

  static final KeyRing RING =
      KeyRing.parse("1:" + Base64.getEncoder().encodeToString(new byte[32]));

  static final JobMessage JOB =
      new JobMessage(
          JobMessage.VERSION,
          new UUID(1, 2),
          new UUID(3, 4),
          Environment.LIVE,
          RawJson.of(JobPayload.of("echo", "hi")),
          2,
          Instant.parse("2026-11-24T10:00:00Z"),
          null,
          null);

  private Deliveries() {}

  static Delivery signed(byte[] body) {
    return with(Map.of(JobMessage.SIGNATURE, RING.seal(body)), body);
  }

  static Delivery with(@Nullable Map<String, Object> headers, byte[] body) {
    return with(headers, body, new FakeChannel());
  }

  static Delivery with(@Nullable Map<String, Object> headers, byte[] body, FakeChannel broker) {
    var acknowledgements = new Acknowledgements(broker.channel(), 1);
    var tag = broker.deliver();
    acknowledgements.taken(tag);
    return new Delivery(
        tag, new AMQP.BasicProperties.Builder().headers(headers).build(), body, acknowledgements);
  }
}
