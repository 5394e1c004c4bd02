package dev.behalf.web.jobs;

import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.StrictJson.Unreadable;
import dev.behalf.web.Secrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** The way back: takes outcomes in batches, and acknowledges them when they are stored. */
@Component
class OutcomeListener {

  private final Settler settler;
  private final KeyRing secrets;
  private final ApplicationEventPublisher events;

  OutcomeListener(Settler settler, Secrets secrets, ApplicationEventPublisher events) {
    this.settler = settler;
    this.secrets = KeyRing.parse(secrets.messages());
    this.events = events;
  }

  @RabbitListener(queues = JobOutcome.QUEUE, containerFactory = "outcomeBatches")
  void settle(List<Message> messages) throws InterruptedException {
    var outcomes = new ArrayList<JobOutcome>();
    messages.forEach(message -> outcomes.addAll(read(message)));
    if (outcomes.isEmpty()) {
      return;
    }
    try {
      settler.settle(outcomes);
    } catch (DataAccessException | TransactionException databaseDown) {
      // The batch is delivered again at once: not faster than the database can come back.
      TimeUnit.SECONDS.sleep(1);
      throw databaseDown;
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
}
