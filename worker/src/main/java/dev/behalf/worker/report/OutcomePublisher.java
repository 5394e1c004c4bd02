package dev.behalf.worker.report;

import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.StrictJson;
import dev.behalf.worker.MessageSecrets;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.stereotype.Component;

/** Says what became of an attempt, signed. */
@Component
public class OutcomePublisher {

  private final ConfirmedPublisher publisher;
  private final MessageSecrets secrets;

  OutcomePublisher(ConfirmedPublisher publisher, MessageSecrets secrets) {
    this.publisher = publisher;
    this.secrets = secrets;
  }

  /** Comes back when the broker has it; throws where it has not. */
  public void publish(JobOutcome outcome) {
    var body = StrictJson.write(outcome);
    publisher.publish(
        JobOutcome.EXCHANGE,
        JobOutcome.QUEUE,
        MessageBuilder.withBody(body)
            .setContentType("application/json")
            .setMessageId(outcome.jobId().toString())
            .setHeader(JobMessage.SIGNATURE, secrets.ring().seal(body))
            .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
            .build());
  }
}
