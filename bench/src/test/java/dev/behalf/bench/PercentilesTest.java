package dev.behalf.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentilesTest {

  @Test
  void nothing_measured_has_no_percentile() {
    assertThat(new Percentiles(new long[0]).millis(50)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "49, 50", "50, 51", "95, 96", "99, 100", "99.9, 100", "100, 100"})
  void of_a_hundred_each_percent_is_one_further_up_to_the_longest(double percent, double millis) {
    var hundred = LongStream.rangeClosed(1, 100).map(i -> i * 1_000_000).toArray();

    assertThat(new Percentiles(hundred).millis(percent)).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource({"0", "50", "100"})
  void of_one_every_percentile_is_that_one(double percent) {
    assertThat(new Percentiles(new long[] {2_500_000}).millis(percent)).isEqualTo(2.5);
  }

  @Test
  void a_higher_percentile_is_never_shorter_and_each_was_measured() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var nanos = random.longs(1 + random.nextInt(40), 0, 1_000).map(i -> i * 1_000_000).toArray();
      var percentiles = new Percentiles(nanos.clone());
      double before = 0;
      for (int percent = 0; percent <= 100; percent++) {
        double millis = percentiles.millis(percent);
        assertThat(millis).as("seed %d, p%d", seed, percent).isGreaterThanOrEqualTo(before);
        assertThat(nanos).as("seed %d, p%d", seed, percent).contains((long) (millis * 1e6));
        before = millis;
      }
    }
  }

  @Test
  void the_figures_are_the_median_and_the_slowest_of_20_and_of_100() {
    var figures = new Figures();

    new Percentiles(LongStream.range(0, 1_000).map(i -> i * 1_000_000).toArray())
        .put(figures, "idle.hops");

    assertThat(figures.get("idle.hops_p50_ms")).isEqualTo(500);
    assertThat(figures.get("idle.hops_p95_ms")).isEqualTo(950);
    assertThat(figures.get("idle.hops_p99_ms")).isEqualTo(990);
  }
}
