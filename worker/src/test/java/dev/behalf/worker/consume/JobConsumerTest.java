package dev.behalf.worker.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.StrictJson;
import dev.behalf.worker.MessageSecrets;
import dev.behalf.worker.compute.ComputeAnswer;
import dev.behalf.worker.compute.ComputeAnswer.Done;
import dev.behalf.worker.compute.FakeCompute;
import dev.behalf.worker.report.FakeBroker;
import dev.behalf.worker.report.InFlightJobs;
import dev.behalf.worker.report.OutcomePublisher;
import dev.behalf.worker.secrets.ManagedKey;
import dev.behalf.worker.secrets.SecretLookup;
import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class JobConsumerTest {

  private static final byte[] BODY = StrictJson.write(Deliveries.JOB);
  private static final MessageSecrets SECRETS = new MessageSecrets(Deliveries.RING);
  private static final ComputeAnswer DONE = new Done(3, false, null);

  private final FakeChannel jobs = new FakeChannel();
  private final FakeBroker broker = new FakeBroker();
  private final OutcomePublisher outcomes = broker.outcomes(SECRETS);
  private final List<Object> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    Thread.interrupted();
    outcomes.destroy();
  }

  @Test
  void a_job_is_acknowledged_after_its_outcome_is_confirmed() {
    broker.answers(
        outcome -> {
          assertThat(jobs.sent).as("before the confirm").isEmpty();
          FakeBroker.accept(outcome);
        });

    take(signed(BODY), DONE);

    assertThat(published().verdict()).isEqualTo(new JobOutcome.Succeeded(3, "key", false));
    assertThat(jobs.sent).containsExactly("ack ..1");
    assertThat(events).singleElement().isInstanceOf(WorkerEvent.Finished.class);
  }

  @Test
  void a_message_that_is_no_job_is_a_dead_letter_and_acknowledged() {
    take(Deliveries.with(Map.of(), BODY, jobs));

    assertThat(broker.sent)
        .singleElement()
        .satisfies(
            dead -> {
              assertThat(dead.routingKey()).isEqualTo(JobMessage.DEAD_QUEUE);
              assertThat(dead.message().getBody()).isEqualTo(BODY);
            });
    assertThat(jobs.sent).containsExactly("ack ..1");
    assertThat(events).containsExactly(new WorkerEvent.Rejected("unsigned"));
  }

  @Test
  void a_signed_message_that_cannot_be_read_is_kept_before_its_job_ends() {
    var unknown = new String(BODY, UTF_8).replace("\"v\":1", "\"v\":1,\"colour\":1");

    take(signed(unknown.getBytes(UTF_8)));

    assertThat(broker.sent)
        .extracting(FakeBroker.Sent::routingKey)
        .containsExactly(JobMessage.DEAD_QUEUE, JobOutcome.QUEUE);
    assertThat(published().verdict()).isInstanceOf(JobOutcome.Failed.class);
    assertThat(jobs.sent).containsExactly("ack ..1");
  }

  /** Interrupted, because giving a message back otherwise waits a second. */
  @Test
  void a_job_whose_outcome_is_not_confirmed_is_not_acknowledged() {
    broker.answers(FakeBroker::reject);
    Thread.currentThread().interrupt();

    take(signed(BODY), DONE);

    assertThat(jobs.sent).isEmpty();
    assertThat(events).singleElement().isInstanceOf(WorkerEvent.Requeued.class);
    assertThat(Thread.currentThread().isInterrupted()).as("still interrupted").isTrue();
  }

  @Test
  void a_dead_letter_that_is_not_confirmed_is_not_acknowledged() {
    broker.answers(FakeBroker::reject);
    Thread.currentThread().interrupt();

    take(Deliveries.with(Map.of(), BODY, jobs));

    assertThat(jobs.sent).isEmpty();
  }

  @Test
  void the_job_leaves_the_log_context() {
    take(signed(BODY), DONE);

    assertThat(MDC.get("job_id")).isNull();
    assertThat(MDC.get("user_id")).isNull();
    assertThat(MDC.get("environment")).isNull();
  }

  private Delivery signed(byte[] body) {
    return Deliveries.with(Map.of(JobMessage.SIGNATURE, Deliveries.RING.seal(body)), body, jobs);
  }

  private void take(Delivery delivery, ComputeAnswer... answers) {
    new JobConsumer(
            new MessageReader(SECRETS),
            new Traces(ObservationRegistry.NOOP),
            new OneKey(),
            new FakeCompute(answers),
            outcomes,
            broker.deadLetters(),
            new InFlightJobs(),
            events::add,
            InstantSource.system())
        .take(delivery);
  }

  private JobOutcome published() {
    return StrictJson.read(broker.sent.getLast().message().getBody(), JobOutcomes.class)
        .outcomes()
        .getFirst();
  }

  private static final class OneKey implements SecretLookup {

    @Override
    public Answer find(JobMessage job) {
      return new Found(new ManagedKey("key", "bh_live_key"));
    }

    @Override
    public Answer findAnew(JobMessage job) {
      return find(job);
    }

    @Override
    public void forget(JobMessage job, ManagedKey refused) {}
  }
}
