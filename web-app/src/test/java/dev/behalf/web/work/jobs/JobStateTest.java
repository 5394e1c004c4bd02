package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobStateTest {

  @Test
  void a_success_and_a_cancellation_are_never_left() {
    for (var next : JobState.values()) {
      assertThat(JobState.SUCCEEDED.mayBecome(next)).isFalse();
      assertThat(JobState.CANCELLED.mayBecome(next)).isFalse();
      assertThat(JobState.FAILED.mayBecome(next)).isEqualTo(next == JobState.SUCCEEDED);
    }
  }

  @Test
  void the_wire_names_are_those_of_the_table() {
    for (var state : JobState.values()) {
      assertThat(JobState.of(state.wire())).isEqualTo(state);
    }
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
}
