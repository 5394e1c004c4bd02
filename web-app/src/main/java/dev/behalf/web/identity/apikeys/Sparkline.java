package dev.behalf.web.identity.apikeys;

import dev.behalf.web.identity.apikeys.KeyTraffic.DayCount;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A chart of the calls per day (UTC) of one key, 120 wide and 24 high, without axes. The bars of a
 * colour are one SVG path.
 *
 * @param calls number of accepted calls in all days
 * @param refused number of refused calls in all days
 * @param most maximum number of calls of one day, refused ones included: the height of the chart
 */
record Sparkline(long calls, long refused, long most, String callBars, String refusalBars) {

  private static final int WIDTH_OF_DAY = 120 / KeyTraffic.DAYS;
  private static final int HEIGHT = 23;

  /** Builds the chart of the days up to today. */
  static Sparkline of(List<DayCount> days, LocalDate today) {
    var most = days.stream().mapToLong(day -> day.calls() + day.refused()).max().orElse(0);
    var callBars = new StringBuilder();
    var refusalBars = new StringBuilder();
    for (var day : days) {
      var x = WIDTH_OF_DAY * (KeyTraffic.DAYS - 1 - ChronoUnit.DAYS.between(day.day(), today));
      var height = height(day.calls(), most);
      callBars.append(bar(x, 0, height));
      refusalBars.append(bar(x, height, Math.min(height(day.refused(), most), HEIGHT - height)));
    }
    return new Sparkline(
        days.stream().mapToLong(DayCount::calls).sum(),
        days.stream().mapToLong(DayCount::refused).sum(),
        most,
        callBars.toString(),
        refusalBars.toString());
  }

  /** Returns the height of a bar, at least 2, so that a single call among thousands is visible. */
  private static long height(long calls, long most) {
    return calls == 0 ? 0 : Math.max(2, Math.min(HEIGHT - 2, calls * HEIGHT / most));
  }

  private static String bar(long x, long below, long height) {
    return height == 0
        ? ""
        : "M%d %dh%dv%dh-%dz"
            .formatted(x, HEIGHT - below - height, WIDTH_OF_DAY - 1, height, WIDTH_OF_DAY - 1);
  }
}
