package dev.behalf.contract;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallLimitsTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void a_nanosecond_shorter_is_shorter() {
    assertThatCode(() -> check(LIMIT.minusNanos(1))).doesNotThrowAnyException();
  }

  @Test
  void an_equal_duration_is_not_shorter() {
    assertThatIllegalArgumentException().isThrownBy(() -> check(LIMIT));
  }

  @Test
  void the_refusal_names_both_settings_with_their_values() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check(Duration.ofMinutes(1)))
        .withMessage(
            "behalf.call-timeout (60 s) must be shorter than behalf.lease (30 s): change one of"
                + " them.");
  }

  private static void check(Duration shorter) {
    CallLimits.requireShorter("behalf.call-timeout", shorter, "behalf.lease", LIMIT);
  }
}
