package dev.behalf.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {

  @Test
  void never_is_one_attempt_even_if_no_pause_is_needed() {
    assertThat(RetryPolicy.NEVER.allow(1, Duration.ZERO)).isFalse();
  }

  @Test
  void safely_is_six_attempts_in_fifteen_and_a_half_seconds() {
    var pauses = new ArrayList<Duration>();
    int attempt = 1;
    while (RetryPolicy.SAFELY.allow(attempt, RetryPolicy.pauseAfter(attempt))) {
      pauses.add(RetryPolicy.pauseAfter(attempt++));
    }

    assertThat(attempt).isEqualTo(6);
    assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(Duration.ofMillis(15_500));
  }

  @ParameterizedTest
  @CsvSource({"PT59S, true", "PT1M, true", "PT1M0.001S, false", "P1D, false"})
  void a_pause_that_the_server_asks_for_is_waited_for_up_to_a_minute(
      Duration pause, boolean allowed) {
    assertThat(RetryPolicy.SAFELY.allow(1, pause)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"1, PT0.5S", "2, PT1S", "3, PT2S", "5, PT8S"})
  void a_pause_is_twice_the_one_before(int attempt, Duration pause) {
    assertThat(RetryPolicy.pauseAfter(attempt)).isEqualTo(pause);
  }
}
