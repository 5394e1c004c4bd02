package dev.behalf.web.identity.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.web.identity.apikeys.KeyTraffic.DayCount;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparklineTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 27);

  @Test
  void refused_calls_stand_on_top_of_the_calls_of_their_day() {
    var chart =
        Sparkline.of(
            List.of(new DayCount(TODAY, 10, 13), new DayCount(TODAY.minusDays(29), 1, 0)), TODAY);

    assertThat(chart.callBars()).isEqualTo("M116 13h3v10h-3zM0 21h3v2h-3z");
    assertThat(chart.refusalBars()).isEqualTo("M116 0h3v13h-3z");
    assertThat(chart.calls()).isEqualTo(11);
    assertThat(chart.refused()).isEqualTo(13);
    assertThat(chart.most()).isEqualTo(23);
  }

  @Test
  void one_refused_call_among_a_million_is_visible() {
    var chart = Sparkline.of(List.of(new DayCount(TODAY, 1_000_000, 1)), TODAY);

    assertThat(chart.callBars()).isEqualTo("M116 2h3v21h-3z");
    assertThat(chart.refusalBars()).isEqualTo("M116 0h3v2h-3z");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-27T11:58:30Z, now, 0",
    "2026-11-27T11:58:00Z, minutes, 2",
    "2026-11-27T10:59:00Z, hours, 1",
    "2026-11-25T12:00:00Z, days, 2",
    "2026-08-29T12:00:00Z, months, 3"
  })
  void an_age_has_one_unit(Instant at, String unit, long count) {
    assertThat(new Ages(Instant.parse("2026-11-27T12:00:00Z")).of(at))
        .isEqualTo(new Ages.Age(unit, count));
  }
}
