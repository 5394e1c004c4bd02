package dev.behalf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T00:00:00Z, 2026-11",
    "2026-11-30T23:59:59.999999999Z, 2026-11",
    "2026-12-01T00:00:00Z, 2026-12",
    "2026-12-31T23:59:59.999999999Z, 2026-12",
    "2027-01-01T00:00:00Z, 2027-01",
    "2028-02-29T12:00:00Z, 2028-02"
  })
  void an_instant_belongs_to_its_month_in_utc(Instant instant, String name) {
    assertThat(Period.at(instant).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({"2026-11, 30", "2026-12, 31", "2027-02, 28", "2028-02, 29", "2100-02, 28"})
  void a_period_is_as_long_as_its_month(String name, int days) {
    assertThat(period(name).length()).isEqualTo(Duration.ofDays(days));
  }

  @Test
  void the_start_belongs_to_a_period_and_the_end_to_the_next() {
    var november = period("2026-11");

    assertThat(Period.at(november.start())).isEqualTo(november);
    assertThat(Period.at(november.start().minusNanos(1))).isEqualTo(period("2026-10"));
    assertThat(Period.at(november.end().minusNanos(1))).isEqualTo(november);
    assertThat(Period.at(november.end())).isEqualTo(november.next());
  }

  @Test
  void periods_follow_each_other_without_a_gap_over_four_years() {
    for (var month = YearMonth.of(2026, 1); month.getYear() < 2030; month = month.plusMonths(1)) {
      var period = new Period(month);

      assertThat(period.end()).as(period.name()).isEqualTo(period.next().start());
      assertThat(Period.find(period.name())).as(period.name()).contains(period);
      assertThat(period.name())
          .as("names sort as periods do")
          .isLessThan(period.next().name())
          .hasSize(7);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "2026",
        "2026-1",
        "2026-00",
        "2026-13",
        "2026-11-01",
        "2026-11 ",
        "26-11",
        "2026/11",
        "november",
        "２０２６-11"
      })
  void any_other_text_is_no_period(String text) {
    assertThat(Period.find(text)).isEmpty();
  }

  private static Period period(String name) {
    return Period.find(name).orElseThrow();
  }
}
