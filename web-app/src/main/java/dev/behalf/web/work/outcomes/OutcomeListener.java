package dev.behalf.web.work.outcomes;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.behalf.batch.GroupCommit;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.StrictJson.Unreadable;
import dev.behalf.server.problem.Problems;
import dev.behalf.web.site.ServiceSecrets;
import dev.behalf.web.work.jobs.JobEvent;
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
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The way back: messages that come together are stored together, and each is acknowledged when it
 * is.
 */
@Component
class OutcomeListener implements DisposableBean {

  private static final GroupCommit.Bounds<List<JobOutcome>> BOUNDS =
      new GroupCommit.Bounds<>(
          OutcomeConsumers.PREFETCH / 2,
          OutcomeConsumers.PREFETCH,
          2 * JobOutcomes.MAX_BYTES,
          OutcomeConsumers.PREFETCH * JobOutcomes.MAX_BYTES,
          outcomes -> outcomes.stream().mapToInt(JobOutcome::bytes).sum());

  private final Settler settler;
  private final KeyRing secrets;
  private final ApplicationEventPublisher events;
  private final GroupCommit<List<JobOutcome>, List<JobOutcome>> batches;

  OutcomeListener(Settler settler, ServiceSecrets secrets, ApplicationEventPublisher events) {
    this.settler = settler;
    this.secrets = KeyRing.parse(secrets.messages());
    this.events = events;
    this.batches =
        new GroupCommit<>(
            "outcomes", BOUNDS, failed -> !Problems.isTransient(failed), this::settle);
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
      if (messages.size() == 1) {
        settleOne(messages.getFirst());
      } else {
        settler.settle(messages.stream().flatMap(List::stream).toList());
      }
      return messages;
    } catch (DataAccessException | TransactionException failed) {
      events.publishEvent(new JobEvent.SettleFailed(String.valueOf(failed.getMessage())));
      if (Problems.isTransient(failed) || messages.size() == 1) {
        // They are delivered again at once: not faster than the database can come back.
        TimeUnit.SECONDS.sleep(1);
      }
      throw failed;
    }
  }

  /** A message alone: an outcome that cannot be stored must not hold up the others in it. */
  private void settleOne(List<JobOutcome> message) {
    try {
      settler.settle(message);
    } catch (DataIntegrityViolationException unstorable) {
      if (message.size() > 1) {
        message.forEach(outcome -> settleOne(List.of(outcome)));
      } else {
        giveUp(message.getFirst());
      }
    }
  }

  /** It would fail again, and its job would come back with it for ever. */
  private void giveUp(JobOutcome outcome) {
    var unstorable =
        new JobOutcome.Failed(
            ProblemCode.INTERNAL.wire(), "What the worker said of it could not be stored.");
    events.publishEvent(new JobEvent.OutcomeRejected("unstorable"));
    settler.settle(
        List.of(
            new JobOutcome(
                outcome.v(),
                outcome.jobId(),
                outcome.userId(),
                outcome.environment(),
                outcome.attempt(),
                unstorable,
                List.of())));
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
    if (body.length > JobOutcomes.MAX_BYTES) {
      events.publishEvent(new JobEvent.OutcomeRejected("too_large"));
      return List.of();
    }
    var seal = message.getMessageProperties().getHeaders().get(JobMessage.SIGNATURE);
    if (!(seal instanceof String text) || !secrets.unseals(text, body)) {
      events.publishEvent(new JobEvent.OutcomeRejected("signature_invalid"));
      return List.of();
    }
    try {
      var outcomes = outcomes(body);
      var complete = outcomes.stream().filter(OutcomeListener::isComplete).toList();
      if (complete.size() == outcomes.size()) {
        return complete;
      }
      events.publishEvent(new JobEvent.OutcomeRejected("incomplete"));
      return complete;
    } catch (Unreadable unreadable) {
      events.publishEvent(new JobEvent.OutcomeRejected("unreadable"));
      return List.of();
    }
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
