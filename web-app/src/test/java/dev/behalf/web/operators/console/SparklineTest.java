package dev.behalf.web.operators.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SparklineTest {

  @Test
  void a_line_goes_from_zero_up_to_the_maximum() {
    var line = line(0.0, 4.0, 2.0);

    assertThat(line.path()).isEqualTo("M0 31.0h0L2 1.0L4 16.0");
    assertThat(line.newest()).isEqualTo("2");
    assertThat(line.least()).isEqualTo("0");
    assertThat(line.most()).isEqualTo("4");
  }

  @Test
  void a_minute_without_a_figure_is_a_gap_and_one_between_gaps_a_dot() {
    assertThat(line(1.0, null, 1.0, null).path()).isEqualTo("M0 1.0h0M4 1.0h0");
    assertThat(line(1.0, null).newest()).isEqualTo("–");
  }

  @Test
  void nothing_but_zeros_is_a_line_at_the_bottom() {
    assertThat(line(0.0, 0.0).path()).isEqualTo("M0 31.0h0L2 31.0");
  }

  @Test
  void without_figures_there_is_no_line() {
    for (var line : List.of(line(), line((Double) null))) {
      assertThat(line.path()).isEmpty();
      assertThat(List.of(line.newest(), line.least(), line.most())).containsOnly("–");
    }
  }

  private static Sparkline line(@Nullable Double... values) {
    return Sparkline.of(
        "wait",
        Arrays.stream(values)
            .map(value -> new MinuteFigures.Minute(Instant.EPOCH, null, value, null))
            .toList(),
        MinuteFigures.Minute::longWait,
        new OperatorFormats(Instant.EPOCH)::whole);
  }
}
