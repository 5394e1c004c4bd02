package dev.behalf.web.usage;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Bars in the units of an SVG's view box, 720 wide. */
record Chart(List<Bar> bars, List<Label> labels, List<Bar> forecast, long max) {

  static final int WIDTH = 720;
  private static final double TOP = 20;
  private static final double BOTTOM = 140;

  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("MM-dd").withZone(ZoneOffset.UTC);

  record Bar(String x, String y, String width, String height, String colour, String title) {}

  record Label(String x, String text) {}

  static Chart hours(Series series) {
    return of(series, 0, HOUR, 6);
  }

  /**
   * Days, and those to come.
   *
   * @param each units of a day to come; 0 for none
   */
  static Chart days(Series series, Instant now, long each) {
    var drawn = of(series, each, DAY, 3);
    if (each == 0) {
      return drawn;
    }
    var forecast = new ArrayList<Bar>();
    for (int at = 0; at < series.slots().size(); at++) {
      var slot = series.slots().get(at);
      if (slot.from().isAfter(now)) {
        forecast.add(bar(series, at, 0, each, drawn.max(), "ahead", DAY.format(slot.from())));
      }
    }
    return new Chart(drawn.bars(), drawn.labels(), forecast, drawn.max());
  }

  private static Chart of(Series series, long least, DateTimeFormatter time, int every) {
    var max = Math.max(1, Math.max(series.max(), least));
    var bars = new ArrayList<Bar>();
    var labels = new ArrayList<Label>();
    for (int at = 0; at < series.slots().size(); at++) {
      var slot = series.slots().get(at);
      long below = 0;
      for (int part = 0; part < series.groups().size(); part++) {
        long amount = slot.amounts().get(part);
        if (amount > 0) {
          var title = time.format(slot.from()) + " UTC: " + amount;
          bars.add(bar(series, at, below, amount, max, series.groups().get(part).colour(), title));
          below += amount;
        }
      }
      if (at % every == 0) {
        labels.add(new Label(number(at * step(series)), time.format(slot.from())));
      }
    }
    return new Chart(bars, labels, List.of(), max);
  }

  private static Bar bar(
      Series series, int at, long below, long amount, long max, String colour, String title) {
    var unit = (BOTTOM - TOP) / max;
    var height = amount * unit;
    return new Bar(
        number(at * step(series) + 1),
        number(BOTTOM - below * unit - height),
        number(step(series) - 2),
        number(height),
        colour,
        title);
  }

  private static double step(Series series) {
    return (double) WIDTH / series.slots().size();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
