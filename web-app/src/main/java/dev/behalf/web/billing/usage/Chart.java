package dev.behalf.web.billing.usage;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A bar chart in the units of an SVG view box, 720 wide.
 *
 * <p>All bars of a group are one path: a page with a month of hours would otherwise have thousands
 * of attributes.
 *
 * @param columns the hours or days with a tooltip, each as high as the chart
 * @param ahead the path of the forecast bars; empty without a forecast
 * @param width the width of a column
 * @param max the amount at the top of the scale
 */
record Chart(
    List<Bars> bars,
    List<Column> columns,
    List<Label> labels,
    String ahead,
    double width,
    long max) {

  private static final int WIDTH = 720;
  private static final double TOP = 20;
  private static final double BOTTOM = 140;

  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("MM-dd").withZone(ZoneOffset.UTC);

  record Bars(String colour, String path) {}

  record Column(double x, String title) {}

  record Label(double x, String text) {}

  static Chart hours(Series series, Map<String, String> names) {
    return of(series, names, Instant.MAX, 0, HOUR, 6);
  }

  /**
   * Returns the chart of a month's days, with forecast bars for the days to come.
   *
   * @param each the forecast units per day; 0 for no forecast
   */
  static Chart days(Series series, Map<String, String> names, Instant now, long each) {
    return of(series, names, now, each, DAY, 3);
  }

  private static Chart of(
      Series series,
      Map<String, String> names,
      Instant now,
      long each,
      DateTimeFormatter time,
      int every) {
    var slots = series.slots();
    var max = Math.max(1, Math.max(series.max(), each));
    var step = (double) WIDTH / slots.size();
    var columns = new ArrayList<Column>();
    var labels = new ArrayList<Label>();
    var ahead = new StringBuilder();
    for (int at = 0; at < slots.size(); at++) {
      var slot = slots.get(at);
      var text = time.format(slot.from());
      if (slot.total() > 0) {
        columns.add(new Column(round(at * step), text + " UTC: " + parts(series, slot, names)));
      }
      if (at % every == 0) {
        labels.add(new Label(round(at * step), text));
      }
      if (each > 0 && slot.from().isAfter(now)) {
        ahead.append(bar(at * step, step, 0, (double) each / max));
      }
    }
    return new Chart(bars(series, step, max), columns, labels, ahead.toString(), round(step), max);
  }

  /** Stacks the groups, the largest at the bottom. */
  private static List<Bars> bars(Series series, double step, long max) {
    var below = new long[series.slots().size()];
    var bars = new ArrayList<Bars>();
    for (int part = 0; part < series.groups().size(); part++) {
      var path = new StringBuilder();
      for (int at = 0; at < below.length; at++) {
        long amount = series.slots().get(at).amounts().get(part);
        if (amount > 0) {
          path.append(bar(at * step, step, (double) below[at] / max, (double) amount / max));
          below[at] += amount;
        }
      }
      bars.add(new Bars(series.groups().get(part).colour(), path.toString()));
    }
    return bars;
  }

  private static String parts(Series series, Series.Slot slot, Map<String, String> names) {
    return IntStream.range(0, series.groups().size())
        .filter(part -> slot.amounts().get(part) > 0)
        .mapToObj(
            part -> names.get(series.groups().get(part).id()) + " " + slot.amounts().get(part))
        .collect(joining(", "));
  }

  /**
   * Returns a rectangle as an SVG path.
   *
   * @param below the lower edge, as a share of the chart's height
   * @param share the height, as a share of the chart's height
   */
  private static String bar(double x, double step, double below, double share) {
    var height = share * (BOTTOM - TOP);
    var y = BOTTOM - below * (BOTTOM - TOP) - height;
    var width = round(step - 2);
    return "M"
        + round(x + 1)
        + " "
        + round(y)
        + "h"
        + width
        + "v"
        + round(height)
        + "h-"
        + width
        + "z";
  }

  private static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
