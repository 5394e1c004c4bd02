package dev.behalf.web.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleTest {

  @ParameterizedTest
  @CsvSource({
    "0,0 1",
    "1,0 1",
    "4,0 1 2 3 4",
    "5,0 2 4 6",
    "26,0 10 20 30",
    "100,0 50 100",
    "101,0 50 100 150",
    "1234567,0 500000 1000000 1500000"
  })
  void ticks_are_round_and_begin_at_zero(long max, String ticks) {
    assertThat(Scale.of(max).ticks()).extracting(String::valueOf).containsExactly(ticks.split(" "));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 7, 19, 20, 21, 999, 1_000, 1_001, 1_000_000_000_000L})
  void the_largest_amount_fits_and_takes_more_than_half(long max) {
    assertThat(Scale.of(max).share(max)).isGreaterThan(0.5).isLessThanOrEqualTo(1);
  }

  @Test
  void an_axis_is_never_without_height() {
    assertThat(Scale.of(0).top()).isEqualTo(1);
  }
}
