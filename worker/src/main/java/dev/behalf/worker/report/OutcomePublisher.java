package dev.behalf.worker.report;

import dev.behalf.batch.GroupCommit;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.StrictJson;
import dev.behalf.start.WarmUp;
import dev.behalf.worker.MessageSecrets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Publishes the outcomes of jobs to web-app. Outcomes that arrive while the broker confirms a
 * message share the next one.
 */
@Component
public class OutcomePublisher implements WarmUp, DisposableBean {

  /** With the limit on an outcome's detail, a message stays below {@link JobOutcomes#MAX_BYTES}. */
  private static final GroupCommit.Bounds<JobOutcome> BOUNDS =
      new GroupCommit.Bounds<>(
          200, 10_000, JobOutcomes.MAX_BYTES, 8 * 1024 * 1024, JobOutcome::bytes);

  private static final String DEFAULT_EXCHANGE = "";

  /** There is no queue of this name. */
  private static final String NOWHERE = "behalf.nowhere";

  private final ConfirmedPublisher publisher;
  private final MessageSecrets secrets;
  private final GroupCommit<JobOutcome, JobOutcome> batches;

  OutcomePublisher(ConfirmedPublisher publisher, MessageSecrets secrets) {
    this.publisher = publisher;
    this.secrets = secrets;
    this.batches = new GroupCommit<>("outcomes", BOUNDS, brokerAway -> false, this::send);
  }

  /**
   * Returns a future that completes when the broker has confirmed the outcome, or fails if it has
   * not.
   */
  public CompletableFuture<JobOutcome> publish(JobOutcome outcome) {
    return batches.add(outcome);
  }

  /** Connects to the broker and publishes a message for which there is no queue: it is returned. */
  @Override
  public void warmUp() {
    try {
      send(List.of(), DEFAULT_EXCHANGE, NOWHERE);
    } catch (AmqpException returned) {
      // As intended.
    }
  }

  private List<JobOutcome> send(List<JobOutcome> outcomes) {
    send(outcomes, JobOutcome.EXCHANGE, JobOutcome.QUEUE);
    return outcomes;
  }

  private void send(List<JobOutcome> outcomes, String exchange, String routingKey) {
    var body = StrictJson.write(JobOutcomes.of(outcomes));
    publisher.publish(
        exchange,
        routingKey,
        MessageBuilder.withBody(body)
            .setContentType("application/json")
            .setHeader(JobMessage.SIGNATURE, secrets.ring().seal(body))
            .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
            .build());
  }

  @Override
  public void destroy() {
    batches.close();
  }
}
