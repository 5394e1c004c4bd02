package dev.behalf.worker.report;

import dev.behalf.contract.JobMessage;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.stereotype.Component;

/**
 * Publishes dead letters: messages that are not jobs for this worker, unchanged, with the reason.
 */
@Component
public class DeadLetters {

  private final ConfirmedPublisher publisher;

  DeadLetters(ConfirmedPublisher publisher) {
    this.publisher = publisher;
  }

  /** Publishes a dead letter and returns when the broker has confirmed it; throws if it has not. */
  public void publish(byte[] body, String reason) {
    publisher.publish(
        "",
        JobMessage.DEAD_QUEUE,
        MessageBuilder.withBody(body)
            .setHeader(JobMessage.REASON, reason)
            .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
            .build());
  }
}
