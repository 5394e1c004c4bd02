package dev.behalf.web.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {

  @ParameterizedTest
  @CsvSource({
    "0,     0, 1000,    0 %,     0",
    "1,     0, 1000000, < 0.1 %, 0",
    "999,   0, 1000000, < 0.1 %, 0",
    "1000,  0, 1000000, 0.1 %,   0.1",
    "8,     0, 1000,    0.8 %,   0.8",
    "5,     3, 1000,    0.8 %,   0.8",
    "99,    0, 1000,    9.9 %,   9.9",
    "9999,  0, 100000,  9.9 %,   9.9",
    "100,   0, 1000,    10 %,    10",
    "999,   0, 1000,    99 %,    99.9",
    "1000,  0, 1000,    100 %,   100",
    "1500,  0, 1000,    100 %,   100",
    "0,     0, 0,       100 %,   100"
  })
  void a_small_share_of_the_quota_has_a_decimal_and_is_not_shown_as_nothing(
      long used, long held, long limit, String text, double exact) {
    var quota = Usage.Quota.of(new Usage.Month(Environment.LIVE, "2026-11", used, held, limit));

    assertThat(quota.share()).isEqualTo(text);
    assertThat(quota.exactPercent()).isEqualTo(exact);
    assertThat(quota.percent()).isEqualTo((int) exact);
  }
}
