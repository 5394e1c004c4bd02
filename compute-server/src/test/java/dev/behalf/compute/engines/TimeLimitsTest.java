package dev.behalf.compute.engines;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeLimitsTest {

  @Test
  void workers_that_wait_less_than_an_operation_may_compute_are_refused_at_the_start() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TimeLimits(Duration.ofSeconds(25)))
        .withMessageContaining("(25 s) must be shorter than behalf.time-limits.call (25 s)");
    assertThatCode(() -> new TimeLimits(Duration.ofSeconds(26))).doesNotThrowAnyException();
  }
}
