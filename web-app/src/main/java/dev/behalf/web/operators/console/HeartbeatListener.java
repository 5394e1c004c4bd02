package dev.behalf.web.operators.console;

import dev.behalf.contract.JobMessage;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.StrictJson.Unreadable;
import dev.behalf.contract.WorkerHeartbeat;
import dev.behalf.web.site.ServiceSecrets;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.context.annotation.Bean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Hears the workers. What is not signed, or cannot be read, was never said. */
@Component
class HeartbeatListener {

  private final Workers workers;
  private final KeyRing secrets;

  HeartbeatListener(Workers workers, ServiceSecrets secrets) {
    this.workers = workers;
    this.secrets = KeyRing.parse(secrets.messages());
  }

  /**
   * A classic queue that never holds much: what nobody reads expires. Durable only as RabbitMQ 4
   * wants no other that is shared; the messages in it are not.
   */
  @Bean
  static Queue heartbeats() {
    return QueueBuilder.durable(WorkerHeartbeat.QUEUE)
        .ttl(WorkerHeartbeat.TTL_MILLIS)
        .maxLength(WorkerHeartbeat.MOST)
        .overflow(QueueBuilder.Overflow.dropHead)
        .build();
  }

  @RabbitListener(queues = WorkerHeartbeat.QUEUE)
  void hear(Message message) {
    var body = message.getBody();
    var seal = message.getMessageProperties().getHeaders().get(JobMessage.SIGNATURE);
    if (!(seal instanceof String text) || !secrets.unseals(text, body)) {
      return;
    }
    try {
      var beat = StrictJson.read(body, WorkerHeartbeat.class);
      if (isComplete(beat)) {
        workers.heard(beat);
      }
    } catch (Unreadable | DataAccessException | TransactionException lost) {
      // The next one comes in five seconds.
    }
  }

  /** A property that is absent is null here, whatever its type says. */
  private static boolean isComplete(WorkerHeartbeat beat) {
    return beat.v() == WorkerHeartbeat.VERSION
        && Stream.of(beat.worker(), beat.name(), beat.version(), beat.startedAt(), beat.sentAt())
            .allMatch(Objects::nonNull);
  }
}
