package dev.behalf.worker.consume;

import static dev.behalf.contract.Hop.Station.ANSWERED;
import static dev.behalf.contract.Hop.Station.CHARGED;
import static dev.behalf.contract.Hop.Station.COMPUTED;
import static dev.behalf.contract.Hop.Station.KEY_FOUND;
import static dev.behalf.contract.Hop.Station.RECEIVED;
import static dev.behalf.contract.Hop.Station.TAKEN;
import static dev.behalf.contract.Hop.Station.VERIFIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Hop;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Succeeded;
import dev.behalf.worker.compute.ComputeAnswer;
import dev.behalf.worker.compute.ComputeAnswer.Done;
import dev.behalf.worker.compute.ComputeAnswer.KeyRefused;
import dev.behalf.worker.compute.ComputeAnswer.Refused;
import dev.behalf.worker.compute.ComputeAnswer.Times;
import dev.behalf.worker.compute.ComputeAnswer.TokenNeeded;
import dev.behalf.worker.compute.ComputeAnswer.Unavailable;
import dev.behalf.worker.compute.FakeCompute;
import dev.behalf.worker.secrets.ManagedKey;
import dev.behalf.worker.secrets.SecretLookup;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class JobRunTest {

  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final ManagedKey OLD = new ManagedKey("old", "bh_live_old");
  private static final ManagedKey NEW = new ManagedKey("new", "bh_live_new");

  private final FakeLookup lookup = new FakeLookup();

  @Test
  void a_result_succeeds_and_names_the_key_that_was_charged() {
    lookup.answers.add(new SecretLookup.Found(OLD));

    assertThat(outcome(new Done(3, true, null)).verdict()).isEqualTo(new Succeeded(3, "old", true));
  }

  @Test
  void the_outcome_names_the_attempt_of_the_message() {
    lookup.answers.add(new SecretLookup.NoKey());
    var outcome = outcome();

    assertThat(outcome.jobId()).isEqualTo(Deliveries.JOB.jobId());
    assertThat(outcome.userId()).isEqualTo(Deliveries.JOB.userId());
    assertThat(outcome.environment()).isEqualTo(Deliveries.JOB.environment());
    assertThat(outcome.attempt()).isEqualTo(2);
  }

  @Test
  void a_refusal_is_final_and_an_unavailable_server_is_not() {
    lookup.answers.add(new SecretLookup.Found(OLD));
    assertThat(outcome(new Refused("text_empty", "Write.")).verdict())
        .isEqualTo(new Failed("text_empty", "Write."));

    lookup.answers.add(new SecretLookup.Found(OLD));
    assertThat(outcome(new Unavailable("busy", "Wait.", 7)).verdict())
        .isEqualTo(new Deferred("busy", "Wait.", 7));
  }

  @Test
  void without_a_key_nothing_is_called() {
    lookup.answers.add(new SecretLookup.NoKey());
    assertThat(outcome().verdict())
        .isInstanceOf(Failed.class)
        .extracting("code")
        .isEqualTo("no_key");

    lookup.answers.add(new SecretLookup.NotInFlight());
    assertThat(outcome().verdict())
        .isInstanceOf(Deferred.class)
        .extracting("code")
        .isEqualTo("not_found");

    lookup.answers.add(new SecretLookup.Unreachable("The key look-up failed."));
    assertThat(outcome().verdict())
        .isEqualTo(new Deferred("unavailable", "The key look-up failed.", null));
  }

  @Test
  void a_refused_key_is_forgotten_and_the_call_repeated_with_the_next_one() {
    lookup.answers.add(new SecretLookup.Found(OLD));
    lookup.answers.add(new SecretLookup.Found(NEW));
    var compute = new FakeCompute(new KeyRefused(), new Done(1, false, null));

    var outcome = run(compute);

    assertThat(outcome.verdict()).isEqualTo(new Succeeded(1, "new", false));
    assertThat(compute.called).containsExactly(OLD, NEW);
    assertThat(lookup.forgotten).containsExactly(OLD);
  }

  @Test
  void a_token_that_the_engine_needs_is_looked_up_past_the_cache_and_the_call_repeated() {
    lookup.answers.add(new SecretLookup.Found(OLD));
    lookup.answers.add(new SecretLookup.Found(OLD, "token"));
    var compute = new FakeCompute(new TokenNeeded(), new Done(1, false, null));

    assertThat(run(compute).verdict()).isEqualTo(new Succeeded(1, "old", false));
    assertThat(compute.tokens).containsExactly("", "token");
    assertThat(lookup.forgotten).as("the key is right").isEmpty();
  }

  @Test
  void a_token_that_the_look_up_does_not_give_defers_the_job() {
    lookup.answers.add(new SecretLookup.Found(OLD));
    lookup.answers.add(new SecretLookup.Found(OLD));

    assertThat(run(new FakeCompute(new TokenNeeded(), new TokenNeeded())).verdict())
        .isInstanceOf(Deferred.class)
        .extracting("code")
        .isEqualTo("job_token_required");
  }

  @Test
  void a_key_that_is_refused_twice_is_forgotten_twice_and_the_job_deferred() {
    lookup.answers.add(new SecretLookup.Found(OLD));
    lookup.answers.add(new SecretLookup.Found(NEW));
    var compute = new FakeCompute(new KeyRefused(), new KeyRefused());

    assertThat(run(compute).verdict())
        .isInstanceOf(Deferred.class)
        .extracting("code")
        .isEqualTo("key_invalid");
    assertThat(lookup.forgotten).containsExactly(OLD, NEW);
    assertThat(lookup.answers).as("no third look-up").isEmpty();
  }

  @Test
  void a_key_that_was_revoked_meanwhile_fails_the_job() {
    lookup.answers.add(new SecretLookup.Found(OLD));
    lookup.answers.add(new SecretLookup.NoKey());

    assertThat(outcome(new KeyRefused()).verdict())
        .isInstanceOf(Failed.class)
        .extracting("code")
        .isEqualTo("no_key");
  }

  @Test
  void the_hops_are_in_the_order_in_which_they_happened() {
    lookup.answers.add(new SecretLookup.Found(OLD));

    assertThat(outcome(new Done(1, false, null)).hops())
        .containsExactly(
            hop(TAKEN, -1_000), hop(VERIFIED, 0), hop(KEY_FOUND, 1_000), hop(ANSWERED, 3_000));
  }

  @Test
  void a_job_without_a_key_has_only_been_verified() {
    lookup.answers.add(new SecretLookup.NoKey());

    assertThat(outcome().hops()).containsExactly(hop(TAKEN, -1_000), hop(VERIFIED, 0));
  }

  /** The call takes from 2,000 to 3,000 ms; the server reports 600 ms of that. */
  @Test
  void what_the_server_does_not_report_was_on_the_way_half_of_it_each_way() {
    lookup.answers.add(new SecretLookup.Found(OLD));

    assertThat(outcome(new Done(1, false, times(100, 300, 200))).hops())
        .containsExactly(
            hop(TAKEN, -1_000),
            hop(VERIFIED, 0),
            hop(KEY_FOUND, 1_000),
            hop(RECEIVED, 2_200),
            hop(COMPUTED, 2_600),
            hop(CHARGED, 2_800),
            hop(ANSWERED, 3_000));
  }

  @Test
  void a_server_that_reports_the_whole_call_was_reached_at_once() {
    lookup.answers.add(new SecretLookup.Found(OLD));

    assertThat(outcome(new Done(1, false, times(0, 1_000, 0))).hops())
        .contains(hop(RECEIVED, 2_000), hop(COMPUTED, 3_000), hop(CHARGED, 3_000));
  }

  /** Clocks run at different speeds: a hop before the call would be nonsense. */
  @Test
  void a_server_that_reports_more_than_the_call_adds_no_hops() {
    lookup.answers.add(new SecretLookup.Found(OLD));

    assertThat(outcome(new Done(1, false, times(0, 1_000, 1))).hops())
        .extracting(Hop::station)
        .containsExactly(TAKEN, VERIFIED, KEY_FOUND, ANSWERED);
  }

  @Test
  void both_calls_of_an_attempt_leave_their_hops() {
    lookup.answers.add(new SecretLookup.Found(OLD));
    lookup.answers.add(new SecretLookup.Found(NEW));

    assertThat(outcome(new KeyRefused(), new Done(1, false, null)).hops())
        .extracting(Hop::station)
        .containsExactly(TAKEN, VERIFIED, KEY_FOUND, ANSWERED, KEY_FOUND, ANSWERED);
  }

  @Test
  void the_key_leaves_the_log_context_with_the_attempt() {
    lookup.answers.add(new SecretLookup.Found(OLD));
    outcome(new Done(1, false, null));

    assertThat(MDC.get("key_id")).isNull();
  }

  private JobOutcome outcome(ComputeAnswer... answers) {
    return run(new FakeCompute(answers));
  }

  private JobOutcome run(FakeCompute compute) {
    return new JobRun(Deliveries.JOB, lookup, compute, new SecondHand())
        .outcome(START.minusSeconds(1));
  }

  private static Hop hop(Hop.Station station, long millis) {
    return new Hop(station, START.plusMillis(millis));
  }

  private static Times times(long waited, long engine, long charge) {
    return new Times(
        Duration.ofMillis(waited), Duration.ofMillis(engine), Duration.ofMillis(charge));
  }

  /** A clock that is a second later each time. */
  private static final class SecondHand implements InstantSource {

    private Instant next = START;

    @Override
    public Instant instant() {
      var now = next;
      next = next.plusSeconds(1);
      return now;
    }
  }

  private static final class FakeLookup implements SecretLookup {

    private final Queue<Answer> answers = new ArrayDeque<>();
    private final List<ManagedKey> forgotten = new ArrayList<>();

    @Override
    public Answer find(JobMessage job) {
      return answers.remove();
    }

    @Override
    public Answer findAnew(JobMessage job) {
      return answers.remove();
    }

    @Override
    public void forget(JobMessage job, ManagedKey refused) {
      forgotten.add(refused);
    }
  }
}
