package dev.behalf.web.work.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {

  private final Backoff backoff =
      new Backoff(Duration.ofMillis(2), Duration.ofMillis(9), new Random(7));

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 4", "3, 8", "4, 9", "5, 9"})
  void the_pause_is_anything_from_zero_to_a_bound_that_doubles(int attempt, long bound) {
    var pauses =
        IntStream.range(0, 1_000)
            .mapToObj(i -> backoff.after(attempt, null).toMillis())
            .collect(Collectors.toSet());

    assertThat(pauses)
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(0, bound).boxed().toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {22, 64, 65, 1_000, Integer.MAX_VALUE})
  void the_bound_never_overflows(int attempt) {
    var slow = new Backoff(Duration.ofHours(1), Duration.ofDays(1), new Random(7));

    assertThat(slow.after(attempt, null)).isBetween(Duration.ZERO, Duration.ofDays(1));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "5, 5", "60, 60", "61, 60", "2147483647, 60"})
  void the_pause_asked_for_counts_up_to_the_slowest_and_the_random_one_is_added(
      int asked, int least) {
    var minute = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), new Random(7));

    for (int i = 0; i < 100; i++) {
      assertThat(minute.after(1, asked))
          .isBetween(Duration.ofSeconds(least), Duration.ofSeconds(least + 1L));
    }
  }

  @Test
  void a_first_pause_of_zero_means_at_once() {
    var none = new Backoff(Duration.ZERO, Duration.ZERO, new Random(7));

    assertThat(none.after(20, 5)).isZero();
  }
}
