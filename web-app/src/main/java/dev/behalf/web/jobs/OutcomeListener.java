package dev.behalf.web.jobs;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.behalf.batch.Batches;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.StrictJson.Unreadable;
import dev.behalf.web.Secrets;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The way back: messages that come together are stored together, and each is acknowledged when it
 * is.
 */
@Component
class OutcomeListener implements DisposableBean {

  private static final int MESSAGES_AT_ONCE = Conveyor.OUTCOMES_AHEAD / 2;

  private final Settler settler;
  private final KeyRing secrets;
  private final ApplicationEventPublisher events;
  private final Batches<List<JobOutcome>, List<JobOutcome>> batches;

  OutcomeListener(Settler settler, Secrets secrets, ApplicationEventPublisher events) {
    this.settler = settler;
    this.secrets = KeyRing.parse(secrets.messages());
    this.events = events;
    this.batches =
        new Batches<>("outcomes", 1, MESSAGES_AT_ONCE, Conveyor.OUTCOMES_AHEAD, this::settle);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the answer to the broker is all that follows
  @RabbitListener(queues = JobOutcome.QUEUE, containerFactory = "outcomes")
  void take(Message message, Channel channel) throws IOException {
    var tag = message.getMessageProperties().getDeliveryTag();
    var outcomes = read(message);
    if (outcomes.isEmpty()) {
      channel.basicAck(tag, false);
      return;
    }
    batches.add(outcomes).whenComplete((settled, failed) -> answer(channel, tag, failed == null));
  }

  private List<List<JobOutcome>> settle(List<List<JobOutcome>> messages)
      throws InterruptedException {
    try {
      settler.settle(messages.stream().flatMap(List::stream).toList());
      return messages;
    } catch (DataAccessException | TransactionException databaseDown) {
      events.publishEvent(new JobEvent.SettleFailed(String.valueOf(databaseDown.getMessage())));
      // They are delivered again at once: not faster than the database can come back.
      TimeUnit.SECONDS.sleep(1);
      throw databaseDown;
    }
  }

  private static void answer(Channel channel, long tag, boolean settled) {
    try {
      if (settled) {
        channel.basicAck(tag, false);
      } else {
        channel.basicNack(tag, false, true);
      }
    } catch (IOException | ShutdownSignalException gone) {
      // The broker delivers it again, and finds it settled.
    }
  }

  /**
   * A forged outcome is worth nothing to keep: the job it names comes to its end by its own
   * outcome.
   */
  private List<JobOutcome> read(Message message) {
    var body = message.getBody();
    var seal = message.getMessageProperties().getHeaders().get(JobMessage.SIGNATURE);
    if (!(seal instanceof String text) || !secrets.unseals(text, body)) {
      events.publishEvent(new JobEvent.OutcomeRejected("signature_invalid"));
      return List.of();
    }
    try {
      var outcomes = outcomes(body);
      if (outcomes.stream().allMatch(OutcomeListener::isComplete)) {
        return outcomes;
      }
    } catch (Unreadable unreadable) {
      // Told below, as one that lacks something.
    }
    events.publishEvent(new JobEvent.OutcomeRejected("unreadable"));
    return List.of();
  }

  /** One, as version 1 has it, or many in one message. */
  private static List<JobOutcome> outcomes(byte[] body) {
    try {
      var many = StrictJson.read(body, JobOutcomes.class);
      return many.outcomes() == null ? List.of() : many.outcomes();
    } catch (Unreadable one) {
      return List.of(StrictJson.read(body, JobOutcome.class));
    }
  }

  /** A property that is absent is null here, whatever its type says. */
  private static boolean isComplete(JobOutcome outcome) {
    return outcome.v() == JobOutcome.VERSION
        && Stream.of(
                outcome.jobId(),
                outcome.userId(),
                outcome.environment(),
                outcome.verdict(),
                outcome.hops())
            .allMatch(Objects::nonNull);
  }

  @Override
  public void destroy() {
    batches.close();
  }
}
