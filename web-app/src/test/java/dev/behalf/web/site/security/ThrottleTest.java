package dev.behalf.web.site.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThrottleTest {

  private final Throttle throttle = new Throttle(3, Duration.ofDays(1));

  @Test
  void after_the_last_attempt_one_waits_for_a_share_of_the_window() {
    take(3, "ada");

    assertThat(throttle.take("ada"))
        .hasValueSatisfying(
            wait -> assertThat(wait).isBetween(Duration.ofHours(7), Duration.ofHours(8)));
  }

  @Test
  void a_wait_is_told_in_whole_seconds_and_never_as_none() {
    var fast = new Throttle(1, Duration.ofMillis(1_500));

    fast.take("ada");

    assertThat(fast.take("ada").orElseThrow()).isIn(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void names_do_not_count_for_each_other() {
    take(3, "ada");

    assertThat(throttle.take("Ada")).isEmpty();
    assertThat(throttle.take("a".repeat(1_000_000))).isEmpty();
  }

  @Test
  void an_attempt_that_is_given_back_can_be_taken_once_more() {
    take(3, "ada");

    throttle.giveBack("ada");

    assertThat(throttle.take("ada")).isEmpty();
    assertThat(throttle.take("ada")).isPresent();
  }

  @Test
  void attempts_cannot_be_saved_up_by_giving_back() {
    for (int i = 0; i < 10; i++) {
      throttle.giveBack("ada");
    }

    take(3, "ada");
    assertThat(throttle.take("ada")).isPresent();
  }

  @Test
  void many_callers_at_once_get_no_more_than_there_are() {
    var taken = new AtomicInteger();

    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        callers.execute(() -> taken.addAndGet(throttle.take("ada").isEmpty() ? 1 : 0));
      }
    }

    assertThat(taken).hasValue(3);
  }

  private void take(int attempts, String name) {
    for (int i = 1; i <= attempts; i++) {
      assertThat(throttle.take(name)).as("attempt %d", i).isEmpty();
    }
  }
}
