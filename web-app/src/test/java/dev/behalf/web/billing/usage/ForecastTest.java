package dev.behalf.web.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForecastTest {

  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  @Test
  void without_charges_there_is_no_forecast() {
    assertThat(forecast(List.of(), 0, NOW)).isEmpty();
  }

  @Test
  void three_days_of_data_are_enough_and_an_hour_less_is_not() {
    assertThat(forecast(List.of(hour(72, 30)), 30, NOW)).isPresent();
    assertThat(forecast(List.of(hour(71, 30)), 30, NOW)).isEmpty();
  }

  @Test
  void the_average_is_over_the_days_since_the_first_charge() {
    var hours = List.of(hour(72, 20), hour(30, 10));

    assertThat(forecast(hours, 30, NOW).orElseThrow())
        .returns(3L, Forecast::days)
        .returns(10L, Forecast::perDay);
  }

  @Test
  void no_charge_older_than_seven_days_is_in_the_average() {
    var hours = List.of(hour(7 * 24 + 1, 1_000_000), hour(7 * 24, 7), hour(1, 7));

    assertThat(forecast(hours, 1_000_014, NOW).orElseThrow())
        .returns(7L, Forecast::days)
        .returns(2L, Forecast::perDay);
  }

  @Test
  void quiet_days_count_if_there_were_charges_before_them() {
    var hours = List.of(hour(10 * 24, 500), hour(1, 70));

    assertThat(forecast(hours, 570, NOW).orElseThrow())
        .returns(7L, Forecast::days)
        .returns(10L, Forecast::perDay);
  }

  @Test
  void after_a_week_without_charges_there_is_no_forecast() {
    assertThat(forecast(List.of(hour(7 * 24 + 1, 500)), 500, NOW)).isEmpty();
  }

  @Test
  void the_rest_of_the_month_is_added_to_what_is_used() {
    var left = Duration.between(NOW, Instant.parse("2026-12-01T00:00:00Z"));

    var forecast = forecast(steady(7 * 24, 10), 5_000, NOW).orElseThrow();

    assertThat(forecast.perDay()).isEqualTo(240);
    assertThat(forecast.units()).isEqualTo(5_000 + 10 * left.toHours());
  }

  @Test
  void at_the_end_of_the_month_nothing_is_added() {
    var end = Instant.parse("2026-11-30T23:59:59.999Z");
    var hours = List.of(new HourlyUsage.Hour(end.minus(Duration.ofDays(4)), "", "", "", 1, 400));

    assertThat(forecast(hours, 400, end).orElseThrow().units()).isEqualTo(400);
  }

  @Test
  void a_new_month_is_extrapolated_from_the_days_of_the_old_one() {
    var third = Instant.parse("2026-12-02T00:00:00Z");
    var hours =
        List.of(new HourlyUsage.Hour(Instant.parse("2026-11-25T00:00:00Z"), "", "", "", 1, 700));

    var forecast = forecast(hours, 0, third).orElseThrow();

    assertThat(forecast.units()).as("30 days of 100 units").isEqualTo(3_000);
  }

  private static Optional<Forecast> forecast(List<HourlyUsage.Hour> hours, long used, Instant now) {
    return Forecast.of(hours, used, Period.at(now), now);
  }

  private static List<HourlyUsage.Hour> steady(int hours, long units) {
    return new ArrayList<>(
        IntStream.rangeClosed(1, hours).mapToObj(ago -> hour(ago, units)).toList());
  }

  private static HourlyUsage.Hour hour(int hoursAgo, long units) {
    return new HourlyUsage.Hour(NOW.minus(Duration.ofHours(hoursAgo)), "", "", "", 1, units);
  }
}
