package dev.behalf.worker.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Succeeded;
import dev.behalf.contract.JobOutcome.Verdict;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.worker.MessageSecrets;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.MessageDeliveryMode;

class OutcomePublisherTest {

  private static final KeyRing RING =
      KeyRing.parse("1:" + Base64.getEncoder().encodeToString(new byte[32]));

  private final FakeBroker broker = new FakeBroker();
  private final CountDownLatch hold = new CountDownLatch(1);
  private final OutcomePublisher publisher = broker.outcomes(new MessageSecrets(RING));

  @AfterEach
  void close() {
    publisher.destroy();
  }

  @Test
  void an_outcome_is_complete_when_the_broker_has_confirmed_it() throws Exception {
    var confirm = new CompletableFuture<Runnable>();
    broker.answers(message -> confirm.complete(() -> FakeBroker.accept(message)));
    var outcome = publisher.publish(outcome(1));
    var confirmed = confirm.get();
    assertThat(outcome).isNotDone();

    confirmed.run();

    assertThat(outcome.join()).isEqualTo(outcome(1));
  }

  @Test
  void its_warm_up_publishes_nothing_that_a_queue_takes() {
    broker.answers(FakeBroker::bounce);

    publisher.warmUp();

    assertThat(broker.sent)
        .singleElement()
        .satisfies(
            sent -> {
              assertThat(sent.exchange()).isEmpty();
              assertThat(sent.routingKey()).isEqualTo("behalf.nowhere");
            });
  }

  @Test
  void an_outcome_goes_to_the_outcomes_signed_over_its_exact_bytes() {
    publisher.publish(outcome(1)).join();

    var sent = broker.sent.getFirst();
    var properties = sent.message().getMessageProperties();
    assertThat(sent.exchange()).isEqualTo(JobOutcome.EXCHANGE);
    assertThat(sent.routingKey()).isEqualTo(JobOutcome.QUEUE);
    assertThat(properties.getDeliveryMode()).isEqualTo(MessageDeliveryMode.PERSISTENT);
    assertThat(
            RING.unseals(
                String.valueOf(properties.getHeaders().get(JobMessage.SIGNATURE)),
                sent.message().getBody()))
        .as("the signature is valid")
        .isTrue();
    assertThat(read(sent)).isEqualTo(JobOutcomes.of(List.of(outcome(1))));
  }

  @Test
  void outcomes_that_come_during_a_confirm_share_the_next_message() {
    holdTheFirst();
    var outcomes = publish(20);
    hold.countDown();

    assertThat(outcomes.stream().map(CompletableFuture::join))
        .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> outcome(i)).toList());
    assertThat(broker.sent).as("the first alone and all others").hasSizeBetween(1, 3);
    assertThat(broker.sent.stream().flatMap(sent -> read(sent).outcomes().stream()))
        .as("each outcome once")
        .hasSize(20)
        .doesNotHaveDuplicates();
  }

  /** A broker that takes no batch takes no single message either: 200 attempts would be a flood. */
  @Test
  void a_rejected_message_fails_all_its_outcomes_and_is_not_sent_in_parts() {
    broker.answers(FakeBroker::reject);
    var outcomes = publish(20);

    assertThat(outcomes)
        .allSatisfy(
            outcome ->
                assertThatThrownBy(outcome::join).hasRootCauseInstanceOf(AmqpException.class));
    assertThat(broker.sent.stream().mapToInt(sent -> read(sent).outcomes().size()).sum())
        .as("each outcome was sent once")
        .isEqualTo(20);
  }

  @Test
  void after_a_failure_the_next_outcome_is_published() {
    broker.answers(FakeBroker::reject);
    assertThatThrownBy(publisher.publish(outcome(1))::join).isNotNull();
    broker.answers(FakeBroker::accept);

    assertThat(publisher.publish(outcome(2)).join()).isEqualTo(outcome(2));
  }

  /** web-app reads no larger message; control characters take six bytes each in JSON. */
  @Test
  void no_message_is_larger_than_web_app_reads_even_with_the_longest_details() {
    holdTheFirst();
    var longest = new Failed("c".repeat(64), "\u0001".repeat(1_000));
    var outcomes =
        IntStream.range(0, 400).mapToObj(i -> publisher.publish(outcome(i, longest))).toList();
    hold.countDown();
    outcomes.forEach(CompletableFuture::join);

    assertThat(broker.sent)
        .hasSizeGreaterThan(2)
        .allSatisfy(
            sent ->
                assertThat(sent.message().getBody().length)
                    .isLessThanOrEqualTo(JobOutcomes.MAX_BYTES));
  }

  @Test
  void the_estimated_size_of_an_outcome_is_never_below_its_json() {
    var longest = Integer.MAX_VALUE;
    for (var text : List.of("", "x", "\u0001", "\"", "é", "漢", "\ud83d\ude00")) {
      for (var verdict :
          List.of(
              new Succeeded(Long.MAX_VALUE, "k".repeat(12), false),
              new Failed("c".repeat(64), text.repeat(2_000)),
              new Deferred("c".repeat(64), text.repeat(2_000), longest))) {
        var outcome = outcome(longest, verdict);

        assertThat(outcome.bytes())
            .as("%s with \"%s\"", verdict.getClass().getSimpleName(), text)
            .isGreaterThan(StrictJson.write(outcome).length);
      }
    }
  }

  @Test
  void after_the_end_no_outcome_is_taken() {
    publisher.destroy();

    assertThatThrownBy(() -> publisher.publish(outcome(1)))
        .isInstanceOf(RejectedExecutionException.class);
  }

  private void holdTheFirst() {
    broker.answers(
        message -> {
          try {
            hold.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          FakeBroker.accept(message);
        });
  }

  private List<CompletableFuture<JobOutcome>> publish(int outcomes) {
    return IntStream.range(0, outcomes).mapToObj(i -> publisher.publish(outcome(i))).toList();
  }

  private static JobOutcomes read(FakeBroker.Sent sent) {
    return StrictJson.read(sent.message().getBody(), JobOutcomes.class);
  }

  private static JobOutcome outcome(int attempt) {
    return outcome(attempt, new Succeeded(1, "key", false));
  }

  /** With nine hops, the most that an attempt has: its key was refused once. */
  private static JobOutcome outcome(int attempt, Verdict verdict) {
    var hop = new Hop(Hop.Station.DISPATCHED, Instant.parse("2026-11-24T10:00:00.123456789Z"));
    return new JobOutcome(
        JobOutcome.VERSION,
        new UUID(1, 2),
        new UUID(3, 4),
        Environment.LIVE,
        attempt,
        verdict,
        Collections.nCopies(9, hop));
  }
}
