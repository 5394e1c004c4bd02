package dev.behalf.web.operators.console;

import org.jspecify.annotations.Nullable;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.stereotype.Component;

/** Reads the broker's queues; null if the broker is unreachable. */
@Component
class Broker {

  private final AmqpAdmin admin;

  Broker(AmqpAdmin admin) {
    this.admin = admin;
  }

  record Queue(String name, long messages, int consumers) {}

  @Nullable Queue queue(String name) {
    try {
      var queue = admin.getQueueInfo(name);
      return queue == null
          ? null
          : new Queue(name, queue.getMessageCount(), queue.getConsumerCount());
    } catch (AmqpException away) {
      return null;
    }
  }
}
