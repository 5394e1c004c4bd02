package dev.behalf.web.work.outcomes;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.behalf.batch.GroupCommit;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.StrictJson.Unreadable;
import dev.behalf.server.problem.Problems;
import dev.behalf.start.WarmUp;
import dev.behalf.web.site.ServiceSecrets;
import dev.behalf.web.work.jobs.JobEvent;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Receives the outcomes that workers report. Messages that arrive together are stored together, and
 * each message is acknowledged once its outcomes are stored.
 */
@Component
class OutcomeListener implements WarmUp, DisposableBean {

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

  @SuppressWarnings("FutureReturnValueIgnored") // all that follows is the answer to the broker
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
        // The broker redelivers at once; this gives the database time to recover.
        TimeUnit.SECONDS.sleep(1);
      }
      throw failed;
    }
  }

  /** Settles a message; an outcome that cannot be stored does not hold up the others in it. */
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

  /**
   * Fails the job of an outcome that cannot be stored. A redelivery would fail again; if the
   * outcome were dropped instead, its job would come back with the same outcome, forever.
   */
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

  /** Reads an outcome that belongs to no job, so that it is ignored. */
  @Override
  public void warmUp() {
    var outcome =
        new JobOutcome(
            JobOutcome.VERSION,
            UUID.randomUUID(),
            UUID.randomUUID(),
            Environment.TEST,
            1,
            new JobOutcome.Succeeded(0, "", false),
            List.of());
    var body = StrictJson.write(JobOutcomes.of(List.of(outcome)));
    var message =
        MessageBuilder.withBody(body).setHeader(JobMessage.SIGNATURE, secrets.seal(body)).build();
    settler.store(read(message));
  }

  private static void answer(Channel channel, long tag, boolean settled) {
    try {
      if (settled) {
        channel.basicAck(tag, false);
      } else {
        channel.basicNack(tag, false, true);
      }
    } catch (IOException | ShutdownSignalException gone) {
      // The broker redelivers the message; outcomes that are settled already are ignored.
    }
  }

  /**
   * Returns the valid outcomes of a message. Rejected outcomes are not kept: a forged one says
   * nothing about the job it names, which ends by its real outcome.
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

  /** Reads a message with several outcomes, or with a single one as in version 1. */
  private static List<JobOutcome> outcomes(byte[] body) {
    try {
      var many = StrictJson.read(body, JobOutcomes.class);
      return many.outcomes() == null ? List.of() : many.outcomes();
    } catch (Unreadable one) {
      return List.of(StrictJson.read(body, JobOutcome.class));
    }
  }

  /**
   * Checks the version and the properties: an absent one is null even if its type forbids it. A
   * worker of somebody else's may leave out anything.
   */
  private static boolean isComplete(@Nullable JobOutcome outcome) {
    return outcome != null
        && outcome.v() == JobOutcome.VERSION
        && areThere(
            outcome.jobId(),
            outcome.userId(),
            outcome.environment(),
            outcome.verdict(),
            outcome.hops())
        && isComplete(outcome.verdict())
        && outcome.hops().stream()
            .allMatch(hop -> areThere(hop) && areThere(hop.station(), hop.at()));
  }

  private static boolean isComplete(JobOutcome.Verdict verdict) {
    return switch (verdict) {
      case JobOutcome.Started started -> true;
      case JobOutcome.Succeeded succeeded -> areThere(succeeded.keyId());
      case JobOutcome.Failed failed -> areThere(failed.code(), failed.detail());
      case JobOutcome.Deferred deferred -> areThere(deferred.code(), deferred.detail());
    };
  }

  private static boolean areThere(@Nullable Object... properties) {
    return Stream.of(properties).allMatch(Objects::nonNull);
  }

  @Override
  public void destroy() {
    batches.close();
  }
}
