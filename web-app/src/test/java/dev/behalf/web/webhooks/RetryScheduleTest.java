package dev.behalf.web.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryScheduleTest {

  private final RetrySchedule schedule = new RetrySchedule(new Random(4));

  @ParameterizedTest
  @CsvSource({
    "1, PT5S",
    "2, PT5M",
    "3, PT30M",
    "4, PT2H",
    "5, PT5H",
    "6, PT10H",
    "7, PT14H",
    "8, PT20H",
    "9, PT24H"
  })
  void pauses_grow_and_no_two_endpoints_keep_step(int tried, Duration usual) {
    var pauses =
        IntStream.range(0, 100)
            .mapToObj(i -> schedule.after(tried, null).orElseThrow())
            .distinct()
            .toList();

    assertThat(pauses)
        .hasSizeGreaterThan(50)
        .allMatch(pause -> pause.toMillis() >= usual.toMillis() * 0.9)
        .allMatch(pause -> pause.toMillis() <= usual.toMillis() * 1.1);
  }

  @Test
  void the_tenth_attempt_is_the_last_after_some_three_days() {
    var all =
        IntStream.rangeClosed(1, 9)
            .mapToObj(tried -> schedule.after(tried, null).orElseThrow())
            .reduce(Duration.ZERO, Duration::plus);

    assertThat(all).isBetween(Duration.ofHours(68), Duration.ofHours(84));
    assertThat(schedule.after(10, null)).isEmpty();
    assertThat(schedule.after(10, Duration.ofHours(1))).isEmpty();
    assertThat(schedule.after(11, null)).isEmpty();
  }

  @Test
  void an_endpoint_may_ask_for_a_longer_pause_within_a_day_and_for_no_shorter_one() {
    assertThat(schedule.after(1, Duration.ofHours(1))).hasValue(Duration.ofHours(1));
    assertThat(schedule.after(1, Duration.ofDays(400))).hasValue(Duration.ofHours(24));
    assertThat(schedule.after(2, Duration.ZERO).orElseThrow()).isGreaterThan(Duration.ofMinutes(4));
    assertThat(schedule.after(2, Duration.ofSeconds(-5)).orElseThrow())
        .isGreaterThan(Duration.ofMinutes(4));
  }

  @ParameterizedTest
  @CsvSource({"-1", "0", "1"})
  void before_the_second_attempt_the_pause_is_the_first(int tried) {
    assertThat(schedule.after(tried, null).orElseThrow())
        .isBetween(Duration.ofMillis(4_500), Duration.ofMillis(5_500));
  }

  @Test
  void a_pause_asked_for_is_taken_exactly_up_to_a_day() {
    var day = Duration.ofHours(24);

    assertThat(schedule.after(1, day)).hasValue(day);
    assertThat(schedule.after(1, day.minusMillis(1))).hasValue(day.minusMillis(1));
    assertThat(schedule.after(1, day.plusMillis(1))).hasValue(day);
  }

  @Test
  void the_last_pause_may_be_longer_than_what_an_endpoint_can_ask_for() {
    var longest =
        IntStream.range(0, 100)
            .mapToObj(i -> schedule.after(9, Duration.ofDays(30)).orElseThrow())
            .max(Duration::compareTo)
            .orElseThrow();

    assertThat(longest).isGreaterThan(Duration.ofHours(24));
  }
}
