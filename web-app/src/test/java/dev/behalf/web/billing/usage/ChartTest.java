package dev.behalf.web.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The drawing shows the amounts to scale. */
class ChartTest {

  private static final Instant FROM = Instant.parse("2026-11-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Map<String, String> NAMES = Map.of("embed", "Embed", "echo", "Echo");

  @Test
  void groups_are_stacked_and_the_highest_column_fills_the_scale() {
    var chart = Chart.hours(hours(hour(2, "embed", 3), hour(2, "echo", 1)), NAMES);

    assertThat(chart.max()).isEqualTo(4);
    assertThat(chart.width()).isEqualTo(30);
    assertThat(chart.bars())
        .containsExactly(
            new Chart.Bars("part-0", "M61.0 50.0h28.0v90.0h-28.0z"),
            new Chart.Bars("part-1", "M61.0 20.0h28.0v30.0h-28.0z"));
  }

  @Test
  void an_hour_without_charges_has_neither_bar_nor_tooltip() {
    var chart = Chart.hours(hours(hour(5, "echo", 1)), NAMES);

    assertThat(chart.columns()).containsExactly(new Chart.Column(150, "05:00 UTC: Echo 1"));
    assertThat(chart.bars().getFirst().path()).containsOnlyOnce("M");
  }

  @Test
  void a_tooltip_names_the_groups_that_have_an_amount() {
    var chart =
        Chart.hours(hours(hour(0, "embed", 3), hour(0, "echo", 1), hour(1, "embed", 2)), NAMES);

    assertThat(chart.columns())
        .extracting(Chart.Column::title)
        .containsExactly("00:00 UTC: Embed 3, Echo 1", "01:00 UTC: Embed 2");
  }

  @Test
  void an_empty_chart_has_a_scale_and_labels() {
    var chart = Chart.hours(hours(), NAMES);

    assertThat(chart.max()).isEqualTo(1);
    assertThat(chart.bars()).isEmpty();
    assertThat(chart.labels())
        .containsExactly(
            new Chart.Label(0, "00:00"),
            new Chart.Label(180, "06:00"),
            new Chart.Label(360, "12:00"),
            new Chart.Label(540, "18:00"));
  }

  @Test
  void every_third_day_of_a_month_has_a_label() {
    var chart = Chart.days(days(31), NAMES, FROM, 0);

    assertThat(chart.labels()).hasSize(11);
    assertThat(chart.labels().getFirst().text()).isEqualTo("11-01");
    assertThat(chart.labels().getLast().text()).isEqualTo("12-01");
  }

  @Test
  void the_forecast_is_drawn_for_the_days_that_have_not_begun() {
    var atMidnight = FROM.plus(DAY);

    assertThat(bars(Chart.days(days(4), NAMES, atMidnight, 5))).isEqualTo(2);
    assertThat(bars(Chart.days(days(4), NAMES, atMidnight.minusMillis(1), 5))).isEqualTo(3);
    assertThat(bars(Chart.days(days(4), NAMES, FROM.plus(Duration.ofDays(9)), 5))).isZero();
  }

  @Test
  void without_a_forecast_no_bar_is_ahead() {
    assertThat(Chart.days(days(4), NAMES, FROM, 0).ahead()).isEmpty();
    assertThat(Chart.hours(hours(hour(0, "echo", 1)), NAMES).ahead()).isEmpty();
  }

  @Test
  void a_forecast_above_all_days_sets_the_scale() {
    var chart = Chart.days(days(4, hour(0, "echo", 25)), NAMES, FROM, 100);

    assertThat(chart.max()).isEqualTo(100);
    assertThat(chart.bars().getFirst().path()).isEqualTo("M1.0 110.0h178.0v30.0h-178.0z");
    assertThat(chart.ahead()).startsWith("M181.0 20.0h178.0v120.0h-178.0z");
  }

  private static long bars(Chart chart) {
    return chart.ahead().chars().filter(letter -> letter == 'M').count();
  }

  private static Series hours(HourlyUsage.Hour... hours) {
    return Series.of(List.of(hours), Grouping.OPERATION, FROM, FROM.plus(DAY), HOUR);
  }

  private static Series days(int count, HourlyUsage.Hour... hours) {
    return Series.of(
        List.of(hours), Grouping.OPERATION, FROM, FROM.plus(Duration.ofDays(count)), DAY);
  }

  private static HourlyUsage.Hour hour(int hour, String operation, long units) {
    return new HourlyUsage.Hour(FROM.plus(HOUR.multipliedBy(hour)), operation, "", "", 1, units);
  }
}
