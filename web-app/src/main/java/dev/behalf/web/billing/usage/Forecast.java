package dev.behalf.web.billing.usage;

import dev.behalf.contract.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a month ends if it goes on as in the last days.
 *
 * @param days that were looked at
 * @param perDay units of a day in them, on average
 * @param units used at the end of the period
 */
record Forecast(long days, long perDay, long units) {

  private static final Duration LOOKS_BACK = Duration.ofDays(7);
  private static final Duration LEAST = Duration.ofDays(3);

  /**
   * Nothing where there are less than three days to go by.
   *
   * @param used this month
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
