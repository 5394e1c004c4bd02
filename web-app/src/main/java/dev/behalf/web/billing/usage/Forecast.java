package dev.behalf.web.billing.usage;

import dev.behalf.contract.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The units used at the end of a month, extrapolated from at most the last seven days.
 *
 * @param days the number of days behind the forecast
 * @param perDay the average units per day over those days
 * @param units the expected total at the end of the period
 */
record Forecast(long days, long perDay, long units) {

  private static final Duration LOOKS_BACK = Duration.ofDays(7);
  private static final Duration LEAST = Duration.ofDays(3);

  /**
   * Returns the forecast; empty with less than three days of data.
   *
   * @param used the units used this month so far
   */
  static Optional<Forecast> of(
      List<HourlyUsage.Hour> hours, long used, Period period, Instant now) {
    var since = now.minus(LOOKS_BACK);
    var recent = hours.stream().filter(hour -> !hour.at().isBefore(since)).toList();
    var first = recent.stream().map(HourlyUsage.Hour::at).min(Instant::compareTo).orElse(now);
    var older = hours.stream().anyMatch(hour -> hour.at().isBefore(since));
    var start = older ? since : first;
    var seen = Duration.between(start, now);
    if (recent.isEmpty() || seen.compareTo(LEAST) < 0) {
      return Optional.empty();
    }
    var units = recent.stream().mapToLong(HourlyUsage.Hour::units).sum();
    var perSecond = (double) units / seen.toSeconds();
    var left = Duration.between(now, period.end()).toSeconds();
    return Optional.of(
        new Forecast(
            Math.round(seen.toHours() / 24.0),
            Math.round(perSecond * Duration.ofDays(1).toSeconds()),
            used + Math.round(perSecond * left)));
  }
}
