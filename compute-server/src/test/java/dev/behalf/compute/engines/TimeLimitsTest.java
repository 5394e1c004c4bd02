package dev.behalf.compute.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.behalf.contract.CallLimits;
import dev.behalf.contract.JobPayload.Operation;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeLimitsTest {

  private static final Duration CALL = Duration.ofSeconds(30);
  private static final Duration LONGEST = CALL.minus(CallLimits.FOR_A_PLACE).minusMillis(1);

  @Test
  void an_operation_without_a_limit_of_its_own_has_the_standard_one() {
    var limits =
        new TimeLimits(
            Duration.ofSeconds(20), Map.of(Operation.EMBED, Duration.ofSeconds(3)), CALL);

    assertThat(limits.of(Operation.EMBED)).isEqualTo(Duration.ofSeconds(3));
    assertThat(limits.of(Operation.KEYWORDS)).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void computing_and_the_wait_for_a_place_may_end_just_before_the_worker_gives_up() {
    assertThatCode(() -> new TimeLimits(LONGEST, Map.of(Operation.EMBED, LONGEST), CALL))
        .doesNotThrowAnyException();
  }

  @Test
  void a_standard_limit_that_ends_when_the_worker_gives_up_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TimeLimits(LONGEST.plusMillis(1), Map.of(), CALL))
        .withMessageStartingWith("behalf.time-limits.standard and")
        .withMessageContaining("(30 s) must be shorter than behalf.time-limits.call (30 s)");
  }

  @Test
  void one_limit_too_long_among_many_is_refused_by_its_name() {
    var limits =
        Map.of(
            Operation.EMBED, Duration.ofSeconds(1),
            Operation.SUMMARIZE, LONGEST.plusMillis(1),
            Operation.CLASSIFY, LONGEST);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TimeLimits(Duration.ofSeconds(1), limits, CALL))
        .withMessageStartingWith("behalf.time-limits.operation.summarize and");
  }

  @Test
  void a_longer_call_allows_longer_limits() {
    assertThat(new TimeLimits(CALL, Map.of(), Duration.ofSeconds(36)).of(Operation.EMBED))
        .isEqualTo(CALL);
  }
}
