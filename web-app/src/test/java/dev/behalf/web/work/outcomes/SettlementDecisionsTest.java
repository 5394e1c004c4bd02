package dev.behalf.web.work.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Started;
import dev.behalf.contract.JobOutcome.Succeeded;
import dev.behalf.contract.JobOutcome.Verdict;
import dev.behalf.contract.JobState;
import dev.behalf.web.work.outcomes.Settlement.Charge;
import dev.behalf.web.work.outcomes.Settlement.Move;
import dev.behalf.web.work.outcomes.Settlement.Rules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision table: each state, each outcome, each attempt. */
class SettlementDecisionsTest {

  private static final int MAX_ATTEMPTS = 5;
  private static final Charge CHARGE = new Charge(7, "k12345678901", true);
  private static final Verdict DONE = new Succeeded(7, "k12345678901", false);
  private static final Verdict FAILED = new Failed("payload_invalid", "It is wrong.");
  private static final Verdict DEFERRED = new Deferred("unavailable", "No answer.", null);
  private static final Verdict BUSY = new Deferred("busy", "All slots are taken.", null);

  private final Settlement settlement =
      new Settlement(new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), new Random(1)));
  private Rules rules = new Rules(MAX_ATTEMPTS, true, null);

  /** What an outcome is about, and whether there is a charge for the job. */
  enum Said {
    CHARGED,
    NOT_CHARGED,
    FAILED_FOR_GOOD,
    UNAVAILABLE,
    NO_SLOT;

    private Verdict verdict() {
      return switch (this) {
        case CHARGED, NOT_CHARGED -> DONE;
        case FAILED_FOR_GOOD -> FAILED;
        case UNAVAILABLE -> DEFERRED;
        case NO_SLOT -> BUSY;
      };
    }

    private @Nullable Charge charge() {
      return this == CHARGED ? CHARGE : null;
    }
  }

  @ParameterizedTest
  @CsvSource({
    // state,     charged,   not charged, failed, unavailable, no slot
    "QUEUED,      SUCCEEDED, ,            FAILED, ,            ",
    "DISPATCHED,  SUCCEEDED, QUEUED,      FAILED, QUEUED,      QUEUED",
    "RUNNING,     ,          ,            ,       ,            ",
    "SUCCEEDED,   ,          ,            ,       ,            ",
    "FAILED,      SUCCEEDED, ,            ,       ,            ",
    "CANCELLED,   ,          ,            ,       ,            "
  })
  void the_outcome_of_the_attempt_in_flight_moves_a_job(
      JobState state,
      @Nullable JobState charged,
      @Nullable JobState notCharged,
      @Nullable JobState failed,
      @Nullable JobState unavailable,
      @Nullable JobState noSlot) {
    int inFlight = state == JobState.QUEUED ? 2 : 1;

    assertThat(to(state, 1, inFlight, Said.CHARGED)).isEqualTo(Optional.ofNullable(charged));
    assertThat(to(state, 1, inFlight, Said.NOT_CHARGED)).isEqualTo(Optional.ofNullable(notCharged));
    assertThat(to(state, 1, inFlight, Said.FAILED_FOR_GOOD)).isEqualTo(Optional.ofNullable(failed));
    assertThat(to(state, 1, inFlight, Said.UNAVAILABLE))
        .isEqualTo(Optional.ofNullable(unavailable));
    assertThat(to(state, 1, inFlight, Said.NO_SLOT)).isEqualTo(Optional.ofNullable(noSlot));
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void the_outcome_of_any_other_attempt_moves_no_job_unless_it_is_charged(JobState state) {
    for (int attempt = 0; attempt <= MAX_ATTEMPTS; attempt++) {
      int inFlight = state == JobState.QUEUED ? attempt + 1 : attempt;
      for (int of = 1; of <= MAX_ATTEMPTS + 1; of++) {
        for (var said : Said.values()) {
          if (of != inFlight && said != Said.CHARGED) {
            assertThat(to(state, attempt, of, said))
                .as("%s of attempt %d for a job %s in attempt %d", said, of, state, attempt)
                .isEmpty();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void a_charge_is_a_success_whichever_attempt_it_was(JobState state) {
    var expected =
        List.of(JobState.SUCCEEDED, JobState.CANCELLED, JobState.RUNNING).contains(state)
            ? Optional.<JobState>empty()
            : Optional.of(JobState.SUCCEEDED);

    for (int of = 1; of <= MAX_ATTEMPTS + 1; of++) {
      assertThat(to(state, 3, of, Said.CHARGED)).as("attempt %d", of).isEqualTo(expected);
    }
  }

  @Test
  void no_outcome_moves_a_job_in_a_way_that_its_state_forbids() {
    for (var state : JobState.values()) {
      for (int attempt = 0; attempt <= MAX_ATTEMPTS; attempt++) {
        for (int of = 1; of <= MAX_ATTEMPTS + 1; of++) {
          for (var said : Said.values()) {
            var to = to(state, attempt, of, said);
            assertThat(to.isEmpty() || state.mayBecome(to.orElseThrow()))
                .as("%s becomes %s by %s", state, to, said)
                .isTrue();
          }
        }
      }
    }
  }

  @Test
  void a_success_takes_units_and_key_from_the_charge_and_not_from_the_worker() {
    var said = new Succeeded(1_000_000, "another", true);

    assertThat(decide(JobState.DISPATCHED, 1, 1, said, null, CHARGE))
        .contains(Move.charged(JobState.SUCCEEDED, CHARGE));
  }

  @Test
  void a_success_without_a_charge_is_tried_again_as_an_internal_fault() {
    var move = decide(JobState.DISPATCHED, 1, 1, DONE, null, null).orElseThrow();

    assertThat(move.to()).isEqualTo(JobState.QUEUED);
    assertThat(move.code()).isEqualTo("internal");
    assertThat(move.units()).isNull();
    assertThat(move.kind()).isEqualTo(Move.Kind.ATTEMPT);
  }

  @Test
  void a_charge_does_not_turn_a_final_failure_into_a_success() {
    assertThat(decide(JobState.DISPATCHED, 1, 1, FAILED, null, CHARGE).orElseThrow().to())
        .isEqualTo(JobState.FAILED);
  }

  @ParameterizedTest
  @CsvSource({"4, QUEUED, unavailable", "5, FAILED, attempts_exhausted"})
  void the_last_attempt_is_the_fifth_of_five(int attempt, JobState to, String code) {
    var move = decide(JobState.DISPATCHED, attempt, attempt, DEFERRED, null, null).orElseThrow();

    assertThat(move.to()).isEqualTo(to);
    assertThat(move.code()).isEqualTo(code);
  }

  @Test
  void the_end_of_all_attempts_tells_the_last_reason() {
    var move = decide(JobState.DISPATCHED, 5, 5, DEFERRED, null, null).orElseThrow();

    assertThat(move.detail()).contains("5 attempts", "No answer.");
    assertThat(move.pause()).isZero();
  }

  @Test
  void a_job_that_is_not_marked_as_dispatched_ends_with_its_last_attempt() {
    assertThat(to(JobState.QUEUED, 4, 5, Said.UNAVAILABLE)).contains(JobState.FAILED);
  }

  @ParameterizedTest
  @CsvSource({
    "1, engine_failed, QUEUED",
    "2, engine_failed, QUEUED",
    "3, engine_failed, FAILED",
    "4, engine_failed, FAILED",
    "3, unavailable, QUEUED",
    "3, , QUEUED"
  })
  void an_engine_that_failed_twice_in_a_row_ends_the_job_from_the_third_attempt(
      int attempt, @Nullable String lastCode, JobState to) {
    var fault = new Deferred("engine_failed", "It fails.", null);

    assertThat(
            decide(JobState.DISPATCHED, attempt, attempt, fault, lastCode, null).orElseThrow().to())
        .isEqualTo(to);
  }

  @Test
  void a_repeated_fault_keeps_its_code_even_in_the_last_attempt() {
    var fault = new Deferred("engine_failed", "It fails.", null);

    assertThat(decide(JobState.DISPATCHED, 5, 5, fault, "engine_failed", null).orElseThrow().code())
        .isEqualTo("engine_failed");
  }

  @Test
  void a_wait_for_a_slot_is_no_attempt_and_its_pause_does_not_grow() {
    for (int i = 0; i < 100; i++) {
      var move = decide(JobState.DISPATCHED, 5, 5, BUSY, "busy", null).orElseThrow();

      assertThat(move.kind()).isEqualTo(Move.Kind.WAIT);
      assertThat(move.pause()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"busy", "engine_unavailable"})
  void the_wait_for_an_engine_ends_where_its_operation_says(String code) {
    var waits = new Deferred(code, "Not now.", null);

    rules = new Rules(MAX_ATTEMPTS, false, Duration.ofSeconds(1));
    assertThat(decide(JobState.DISPATCHED, 5, 5, waits, code, null).orElseThrow().kind())
        .isEqualTo(Move.Kind.WAIT);
    rules = new Rules(MAX_ATTEMPTS, false, Duration.ZERO);
    assertThat(decide(JobState.DISPATCHED, 1, 1, waits, code, null).orElseThrow())
        .returns(JobState.FAILED, Move::to)
        .returns(code, Move::code);
  }

  @Test
  void an_engine_of_the_operators_own_may_fail_as_often_as_its_operation_allows() {
    var fault = new Deferred("engine_failed", "It answered 500.", null);
    rules = new Rules(4, false, null);

    assertThat(decide(JobState.DISPATCHED, 3, 3, fault, "engine_failed", null).orElseThrow().to())
        .isEqualTo(JobState.QUEUED);
    assertThat(decide(JobState.DISPATCHED, 4, 4, fault, "engine_failed", null).orElseThrow())
        .returns(JobState.FAILED, Move::to)
        .returns("attempts_exhausted", Move::code);
  }

  @Test
  void a_pause_that_was_asked_for_is_kept() {
    var later = new Deferred("unavailable", "Later.", 30);

    assertThat(decide(JobState.DISPATCHED, 1, 1, later, null, null).orElseThrow().pause())
        .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
  }

  @Test
  void a_final_failure_keeps_the_workers_words() {
    assertThat(decide(JobState.DISPATCHED, 1, 1, FAILED, null, null))
        .contains(Move.end(JobState.FAILED, "payload_invalid", "It is wrong."));
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void a_worker_that_has_started_a_run_moves_a_job_while_the_run_is_open(JobState state) {
    var started = said(1, new Started());

    assertThat(settlement.decide(with(state, null), started, rules)).isEmpty();
    assertThat(settlement.decide(with(state, new RunRow.End.Lost()), started, rules)).isEmpty();
    assertThat(
            settlement
                .decide(SomeRow.of(state, 1, null, null, SomeRow.run(null)), started, rules)
                .map(Move::to))
        .isEqualTo(
            state == JobState.QUEUED || state == JobState.DISPATCHED
                ? Optional.of(JobState.RUNNING)
                : Optional.empty());
  }

  @ParameterizedTest
  @EnumSource(Said.class)
  void no_worker_moves_a_job_whose_run_decides(Said said) {
    for (var state : JobState.values()) {
      for (var end : new RunRow.End[] {null, new RunRow.End.Cancelled()}) {
        var row = SomeRow.of(state, 1, null, said.charge(), SomeRow.run(end));

        assertThat(settlement.decide(row, said(1, said.verdict()), rules)).isEmpty();
      }
    }
  }

  @Test
  void a_run_ends_its_job_as_it_has_ended() {
    var spent = new Charge(3, "k12345678901", false);
    var refused = new RunRow.End.Failed("engine_refused", "Too quiet.", true, null);

    assertThat(decide(new RunRow.End.Succeeded(), CHARGE))
        .contains(Move.charged(JobState.SUCCEEDED, CHARGE));
    assertThat(decide(new RunRow.End.Cancelled(), spent))
        .contains(Move.charged(JobState.CANCELLED, spent));
    assertThat(decide(new RunRow.End.Cancelled(), null)).contains(Move.to(JobState.CANCELLED));
    assertThat(decide(refused, null))
        .contains(Move.end(JobState.FAILED, "engine_refused", "Too quiet."));
  }

  @Test
  void a_run_that_says_success_without_a_charge_is_tried_again() {
    var spent = new Charge(3, "k12345678901", false);

    for (var charge : new Charge[] {null, spent}) {
      assertThat(decide(new RunRow.End.Succeeded(), charge).orElseThrow())
          .returns(JobState.QUEUED, Move::to)
          .returns("internal", Move::code);
    }
  }

  @Test
  void a_run_that_failed_is_an_attempt_and_one_that_was_lost_or_handed_back_is_none() {
    var failed = new RunRow.End.Failed("engine_lost", "Cut.", false, null);
    var busy = new RunRow.End.Failed("busy", "Later.", false, 7);

    assertThat(decide(failed, null).orElseThrow())
        .returns(JobState.QUEUED, Move::to)
        .returns(Move.Kind.ATTEMPT, Move::kind);
    assertThat(decide(busy, null).orElseThrow().kind()).isEqualTo(Move.Kind.WAIT);
    assertThat(decide(new RunRow.End.Lost(), null).orElseThrow())
        .returns(JobState.QUEUED, Move::to)
        .returns(Move.Kind.AGAIN, Move::kind)
        .returns(Duration.ZERO, Move::pause);
    assertThat(decide(new RunRow.End.HandedBack(), null).orElseThrow().kind())
        .isEqualTo(Move.Kind.AGAIN);
  }

  private Optional<Move> decide(RunRow.End end, @Nullable Charge charge) {
    var run = SomeRow.run(end);
    return settlement.decide(SomeRow.of(JobState.RUNNING, 1, null, charge, run), run, rules);
  }

  private static JobRows.Row with(JobState state, RunRow.@Nullable End end) {
    return SomeRow.of(state, 1, null, null, end == null ? null : SomeRow.run(end));
  }

  private Optional<JobState> to(JobState state, int attempt, int of, Said said) {
    return decide(state, attempt, of, said.verdict(), null, said.charge()).map(Move::to);
  }

  private Optional<Move> decide(
      JobState state,
      int attempt,
      int of,
      Verdict verdict,
      @Nullable String lastCode,
      @Nullable Charge charge) {
    var outcome = said(of, verdict);
    return settlement.decide(SomeRow.of(state, attempt, lastCode, charge, null), outcome, rules);
  }

  private static JobOutcome said(int attempt, Verdict verdict) {
    return new JobOutcome(
        JobOutcome.VERSION,
        UUID.randomUUID(),
        UUID.randomUUID(),
        Environment.LIVE,
        attempt,
        verdict,
        List.of());
  }
}
