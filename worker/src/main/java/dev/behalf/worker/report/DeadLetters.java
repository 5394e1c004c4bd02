package dev.behalf.worker.report;

import dev.behalf.contract.JobMessage;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.stereotype.Component;

/** Where messages go that are no jobs of ours: kept as they came, with the reason. */
@Component
public class DeadLetters {

  private final ConfirmedPublisher publisher;

  DeadLetters(ConfirmedPublisher publisher) {
    this.publisher = publisher;
  }

  /** Comes back when the broker has it; throws where it has not. */
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
