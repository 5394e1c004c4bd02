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

/** Receives the workers' heartbeats and drops any that are unsigned or unreadable. */
@Component
class HeartbeatListener {

  private final Workers workers;
  private final KeyRing secrets;

  HeartbeatListener(Workers workers, ServiceSecrets secrets) {
    this.workers = workers;
    this.secrets = KeyRing.parse(secrets.messages());
  }

  /**
   * A classic queue that stays small, since unread messages expire. The queue is durable only
   * because RabbitMQ 4 deprecates transient shared queues; its messages are not.
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
      // The next heartbeat comes in five seconds.
    }
  }

  /** Checks for absent properties, which are null here whatever their types say. */
  private static boolean isComplete(WorkerHeartbeat beat) {
    return beat.v() == WorkerHeartbeat.VERSION
        && Stream.of(beat.worker(), beat.name(), beat.version(), beat.startedAt(), beat.sentAt())
            .allMatch(Objects::nonNull);
  }
}
