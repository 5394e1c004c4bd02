package dev.behalf.web.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The drawing shows the amounts to scale. */
class ChartTest {

  private static final Instant FROM = Instant.parse("2026-11-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Map<String, String> NAMES = Map.of("embed", "Embed", "echo", "Echo");
  private static final Offset<Double> ROUNDED = Offset.offset(0.011);

  @Test
  void groups_are_stacked_from_zero_with_a_gap_between_them() {
    var chart = hours(2, hour(0, "embed", 3), hour(0, "echo", 1), hour(1, "embed", 1));

    assertThat(chart.top()).isEqualTo(4);
    assertThat(chart.bars())
        .containsExactly(
            new Chart.Bars(
                "part-0", "M37.5 40.0h425.0v120.0h-425.0zM537.5 120.0h425.0v40.0h-425.0z"),
            new Chart.Bars("part-1", "M37.5 0.0h425.0v38.5h-425.0z"));
  }

  @Test
  void an_amount_that_is_tiny_beside_another_is_still_visible() {
    var chart = hours(2, hour(0, "echo", 1), hour(1, "echo", 1_000_000));

    assertThat(chart.bars().getFirst().path()).startsWith("M37.5 159.0h425.0v1.0h-425.0z");
  }

  @Test
  void the_axis_begins_at_zero_and_its_ticks_are_round() {
    assertThat(hours(2, hour(0, "echo", 26)).ticks())
        .containsExactly(
            new Chart.Tick(160, "0"),
            new Chart.Tick(106.67, "10"),
            new Chart.Tick(53.33, "20"),
            new Chart.Tick(0, "30"));
  }

  @Test
  void large_amounts_at_the_axis_are_short_in_the_reader_s_language() {
    var series = series(2, HOUR, hour(0, "echo", 1_234_567));

    assertThat(Chart.hours(series, NAMES, Locale.ENGLISH).ticks())
        .extracting(Chart.Tick::text)
        .containsExactly("0", "500K", "1M", "1.5M");
    assertThat(Chart.hours(series, NAMES, Locale.SIMPLIFIED_CHINESE).ticks())
        .extracting(Chart.Tick::text)
        .containsExactly("0", "50万", "100万", "150万");
  }

  @Test
  void an_hour_without_charges_is_narrow_and_has_neither_bar_nor_text() {
    var chart = hours(24, hour(5, "echo", 1));

    assertThat(chart.columns())
        .containsExactly(new Chart.Column(18.52, 14.81, "2026-11-01 05:00 UTC: Echo 1"));
    assertThat(chart.bars().getFirst().path()).containsOnlyOnce("M");
    assertThat(chart.hasNarrow()).isTrue();
  }

  @Test
  void columns_are_equally_wide_if_none_or_all_have_an_amount() {
    var all =
        IntStream.range(0, 24).mapToObj(at -> hour(at, "echo", 1)).toArray(HourlyUsage.Hour[]::new);

    assertThat(hours(24, all).columns())
        .allSatisfy(column -> assertThat(column.width()).isCloseTo(100.0 / 24, ROUNDED));
    assertThat(hours(24, all).hasNarrow()).isFalse();
    assertThat(hours(24).hasNarrow()).isFalse();
  }

  @Test
  void the_text_of_a_column_has_its_sum_and_the_groups_that_have_an_amount() {
    var chart = hours(24, hour(0, "embed", 3_000), hour(0, "echo", 1), hour(1, "embed", 2));

    assertThat(chart.columns())
        .extracting(Chart.Column::text)
        .containsExactly(
            "2026-11-01 00:00 UTC: 3,001 (Embed 3,000, Echo 1)", "2026-11-01 01:00 UTC: Embed 2");
  }

  @Test
  void an_empty_chart_has_an_axis_and_labels() {
    var chart = hours(24);

    assertThat(chart.top()).isEqualTo(1);
    assertThat(chart.bars()).isEmpty();
    assertThat(chart.labels().getFirst()).isEqualTo(new Chart.Label(2.08, "11-01"));
    assertThat(chart.labels().get(1)).isEqualTo(new Chart.Label(18.75, "04:00"));
  }

  @Test
  void a_label_lies_under_the_middle_of_its_column() {
    var chart = days(30, hour(26 * 24, "echo", 5));

    var column = chart.columns().getFirst();
    assertThat(chart.labels())
        .filteredOn(label -> label.text().equals("27"))
        .singleElement()
        .satisfies(
            label -> assertThat(label.x()).isCloseTo(column.x() + column.width() / 2, ROUNDED));
  }

  @Test
  void labels_leave_each_other_room_and_days_with_an_amount_come_first() {
    for (int day = 0; day < 30; day++) {
      var chart = days(30, hour(day * 24, "echo", 5));

      assertThat(chart.labels()).extracting(Chart.Label::text).contains(String.valueOf(day + 1));
      for (int at = 1; at < chart.labels().size(); at++) {
        assertThat(chart.labels().get(at).x() - chart.labels().get(at - 1).x())
            .isGreaterThanOrEqualTo(8);
      }
    }
  }

  @Test
  void the_forecast_is_drawn_for_the_days_that_have_not_begun() {
    var atMidnight = FROM.plus(DAY);

    assertThat(ahead(atMidnight)).isEqualTo(2);
    assertThat(ahead(atMidnight.minusMillis(1))).isEqualTo(3);
    assertThat(ahead(FROM.plus(Duration.ofDays(9)))).isZero();
  }

  @Test
  void without_a_forecast_no_bar_is_ahead() {
    assertThat(days(4).ahead()).isEmpty();
    assertThat(hours(2, hour(0, "echo", 1)).ahead()).isEmpty();
  }

  @Test
  void a_forecast_above_all_days_sets_the_scale_and_is_half_as_wide_as_a_day() {
    var series = series(3, DAY, hour(0, "echo", 25));
    var chart = Chart.days(series, NAMES, Locale.ENGLISH, FROM, 100);

    assertThat(chart.top()).isEqualTo(100);
    assertThat(chart.bars().getFirst().path()).isEqualTo("M37.5 120.0h425.0v40.0h-425.0z");
    assertThat(chart.ahead()).startsWith("M518.75 0.0h212.5v160.0h-212.5z");
  }

  private static long ahead(Instant now) {
    return Chart.days(series(4, DAY), NAMES, Locale.ENGLISH, now, 5)
        .ahead()
        .chars()
        .filter(letter -> letter == 'M')
        .count();
  }

  private static Chart hours(int count, HourlyUsage.Hour... hours) {
    return Chart.hours(series(count, HOUR, hours), NAMES, Locale.ENGLISH);
  }

  private static Chart days(int count, HourlyUsage.Hour... hours) {
    return Chart.days(series(count, DAY, hours), NAMES, Locale.ENGLISH, FROM, 0);
  }

  private static Series series(int count, Duration step, HourlyUsage.Hour... hours) {
    return Series.of(
        List.of(hours), Grouping.OPERATION, FROM, FROM.plus(step.multipliedBy(count)), step);
  }

  private static HourlyUsage.Hour hour(int hour, String operation, long units) {
    return new HourlyUsage.Hour(FROM.plus(HOUR.multipliedBy(hour)), operation, "", "", 1, units);
  }
}
