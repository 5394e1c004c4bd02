package dev.behalf.web.work.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
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
  private static final Charge CHARGE = new Charge(7, "k12345678901");
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
        state == JobState.SUCCEEDED || state == JobState.CANCELLED
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
        .contains(
            new Move(JobState.SUCCEEDED, 7L, "k12345678901", null, null, Duration.ZERO, true));
  }

  @Test
  void a_success_without_a_charge_is_tried_again_as_an_internal_fault() {
    var move = decide(JobState.DISPATCHED, 1, 1, DONE, null, null).orElseThrow();

    assertThat(move.to()).isEqualTo(JobState.QUEUED);
    assertThat(move.code()).isEqualTo("internal");
    assertThat(move.units()).isNull();
    assertThat(move.isAttempt()).isTrue();
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

      assertThat(move.isAttempt()).isFalse();
      assertThat(move.pause()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"busy", "engine_unavailable"})
  void the_wait_for_an_engine_ends_where_its_operation_says(String code) {
    var waits = new Deferred(code, "Not now.", null);

    rules = new Rules(MAX_ATTEMPTS, false, Duration.ofSeconds(1));
    assertThat(decide(JobState.DISPATCHED, 5, 5, waits, code, null).orElseThrow().isAttempt())
        .isFalse();
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
    var outcome =
        new JobOutcome(
            JobOutcome.VERSION,
            UUID.randomUUID(),
            UUID.randomUUID(),
            Environment.LIVE,
            of,
            verdict,
            List.of());
    return settlement.decide(state, attempt, lastCode, outcome, rules, charge);
  }
}
