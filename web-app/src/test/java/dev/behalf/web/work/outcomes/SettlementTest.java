package dev.behalf.web.work.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an outcome does to a job, without a database. */
class SettlementTest {

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), new Random(1));

  private final Settlement settlement = new Settlement(BACKOFF);

  @Test
  void a_fault_of_an_engine_is_final_when_it_has_repeated_and_was_tried_three_times() {
    assertThat(after("engine_failed", 1, null)).isEqualTo(JobState.QUEUED);
    assertThat(after("engine_failed", 2, "engine_failed")).isEqualTo(JobState.QUEUED);
    assertThat(after("engine_failed", 3, "engine_failed")).isEqualTo(JobState.FAILED);
  }

  @Test
  void a_fault_after_others_is_tried_again() {
    assertThat(after("engine_failed", 7, "unavailable")).isEqualTo(JobState.QUEUED);
    assertThat(after("unavailable", 7, "engine_failed")).isEqualTo(JobState.QUEUED);
    assertThat(after("unavailable", 20, "unavailable")).isEqualTo(JobState.FAILED);
  }

  @Test
  void busy_is_no_attempt_however_often() {
    assertThat(after("busy", 20, "busy")).isEqualTo(JobState.QUEUED);
  }

  @Test
  void the_pause_between_attempts_grows_up_to_its_bound_and_respects_what_was_asked_for() {
    var backoff =
        new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), new SplittableRandom(7));

    IntStream.rangeClosed(1, 50)
        .forEach(
            attempt ->
                assertThat(backoff.after(attempt, null))
                    .isLessThanOrEqualTo(
                        Duration.ofSeconds(Math.min(60, 1L << Math.min(attempt - 1, 10)))));
    assertThat(backoff.after(1, 5)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6));
    assertThat(IntStream.range(0, 100).mapToObj(i -> backoff.after(4, null)).distinct().count())
        .as("jitter")
        .isGreaterThan(50);
  }

  private JobState after(String code, int attempt, @Nullable String lastCode) {
    var outcome =
        new JobOutcome(
            JobOutcome.VERSION,
            UUID.randomUUID(),
            UUID.randomUUID(),
            Environment.LIVE,
            attempt,
            new Deferred(code, "It fails.", null),
            List.of());
    return settlement
        .decide(
            SomeRow.of(JobState.DISPATCHED, attempt, lastCode, null, null),
            outcome,
            new Settlement.Rules(20, true, null))
        .orElseThrow()
        .to();
  }
}
