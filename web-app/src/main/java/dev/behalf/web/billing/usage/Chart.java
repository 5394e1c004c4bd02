package dev.behalf.web.billing.usage;

import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A bar chart. Columns and labels lie at percentages of the width, which leaves the text at its
 * size however wide the chart is; bars are in an SVG view box of 1000 by 160.
 *
 * <p>All bars of a group are one path: a page with a month of hours would otherwise have thousands
 * of attributes.
 *
 * @param columns the hours or days that have an amount
 * @param ticks the round amounts of the vertical axis, 0 first
 * @param ahead the path of the forecast bars; empty without a forecast
 * @param top the amount at the top of the vertical axis
 * @param hasNarrow whether an hour or day without an amount is drawn narrower than the others
 */
record Chart(
    List<Bars> bars,
    List<Column> columns,
    List<Label> labels,
    List<Tick> ticks,
    String ahead,
    long top,
    boolean hasNarrow) {

  private static final double WIDTH = 1000;
  private static final double HEIGHT = 160;

  /** The part of a column that its bar takes; the rest keeps it apart from the next bar. */
  private static final double BAR = 0.85;

  /** The gap between stacked bars, which are then told apart in grey, too. */
  private static final double GAP = 1.5;

  /** The least height of a bar: an amount that is not 0 is visible beside any other. */
  private static final double LEAST = 1;

  private static final int EXACT_UNTIL = 100_000;

  private static final DateTimeFormatter HOUR = utc("HH:mm");
  private static final DateTimeFormatter DATE = utc("MM-dd");
  private static final DateTimeFormatter DAY = utc("d");

  record Bars(String colour, String path) {}

  /** A column; {@code x} and {@code width} are percentages of the chart's width. */
  record Column(double x, double width, String text) {}

  /** The label under the middle of a column; {@code x} is a percentage of the chart's width. */
  record Label(double x, String text) {}

  /** A line across the chart; {@code y} is the distance from the top. */
  record Tick(double y, String text) {}

  static Chart hours(Series series, Map<String, String> names, Locale locale) {
    return of(series, Columns.of(series, Instant.MAX, 0), names, 0, locale);
  }

  /**
   * Returns the chart of a month's days, with forecast bars for the days to come.
   *
   * @param each the forecast units per day; 0 for no forecast
   */
  static Chart days(
      Series series, Map<String, String> names, Locale locale, Instant now, long each) {
    return of(series, Columns.of(series, now, each), names, each, locale);
  }

  private static Chart of(
      Series series, Columns across, Map<String, String> names, long each, Locale locale) {
    var scale = Scale.of(Math.max(series.max(), each));
    var columns = new ArrayList<Column>();
    var ahead = new StringBuilder();
    for (int at = 0; at < series.slots().size(); at++) {
      var slot = series.slots().get(at);
      if (slot.total() > 0) {
        columns.add(
            new Column(
                percent(across.left(at)), percent(across.width(at)), text(series, slot, names)));
      }
      if (across.isAhead(at)) {
        ahead.append(bar(across, at, 0, scale.share(each)));
      }
    }
    return new Chart(
        bars(series, across, scale),
        columns,
        labels(series, across),
        ticks(scale, locale),
        ahead.toString(),
        scale.top(),
        across.areUneven());
  }

  /** Stacks the groups, the largest at the bottom. */
  private static List<Bars> bars(Series series, Columns across, Scale scale) {
    var below = new long[series.slots().size()];
    var bars = new ArrayList<Bars>();
    for (int part = 0; part < series.groups().size(); part++) {
      var path = new StringBuilder();
      for (int at = 0; at < below.length; at++) {
        long amount = series.slots().get(at).amounts().get(part);
        if (amount > 0) {
          path.append(bar(across, at, scale.share(below[at]), scale.share(amount)));
          below[at] += amount;
        }
      }
      bars.add(new Bars(series.groups().get(part).colour(), path.toString()));
    }
    return bars;
  }

  /**
   * Returns a rectangle as an SVG path.
   *
   * @param below the lower edge, as a share of the chart's height
   * @param share the height, as a share of the chart's height
   */
  private static String bar(Columns across, int at, double below, double share) {
    var height = Math.max(LEAST, share * HEIGHT);
    var y = HEIGHT - below * HEIGHT - height;
    var isApart = below > 0 && height > GAP + LEAST;
    var width = across.width(at) * BAR * WIDTH;
    var x = (across.left(at) + across.width(at) * (1 - BAR) / 2) * WIDTH;
    return "M%s %sh%sv%sh-%sz"
        .formatted(
            round(x), round(y), round(width), round(isApart ? height - GAP : height), round(width));
  }

  /** Returns the slot's total, and what it consists of. */
  private static String text(Series series, Series.Slot slot, Map<String, String> names) {
    var parts =
        IntStream.range(0, series.groups().size())
            .filter(part -> slot.amounts().get(part) > 0)
            .mapToObj(
                part ->
                    names.get(series.groups().get(part).id())
                        + " "
                        + Series.exact(slot.amounts().get(part)))
            .toList();
    var all = String.join(", ", parts);
    return slot.label()
        + " UTC: "
        + (parts.size() == 1 ? all : Series.exact(slot.total()) + " (" + all + ")");
  }

  /**
   * Places as many labels as fit side by side on a phone: first where a day begins among hours,
   * then at columns with an amount, then at the others.
   */
  private static List<Label> labels(Series series, Columns across) {
    var slots = series.slots();
    var isHourly = slots.stream().anyMatch(slot -> !slot.isDay());
    var least = isHourly ? 0.15 : 0.08;
    var labels = new ArrayList<Label>();
    var order =
        IntStream.range(0, slots.size())
            .boxed()
            .sorted(Comparator.comparingInt(at -> rank(slots.get(at))))
            .toList();
    for (int at : order) {
      var x = percent(across.left(at) + across.width(at) / 2);
      if (labels.stream().allMatch(other -> Math.abs(other.x() - x) >= least * 100)) {
        var from = slots.get(at).from();
        var form = isHourly ? (slots.get(at).isMidnight() ? DATE : HOUR) : DAY;
        labels.add(new Label(x, form.format(from)));
      }
    }
    labels.sort(Comparator.comparingDouble(Label::x));
    return labels;
  }

  private static int rank(Series.Slot slot) {
    if (!slot.isDay() && slot.isMidnight()) {
      return 0;
    }
    return slot.total() > 0 ? 1 : 2;
  }

  private static List<Tick> ticks(Scale scale, Locale locale) {
    var compact = NumberFormat.getCompactNumberInstance(locale, NumberFormat.Style.SHORT);
    compact.setMaximumFractionDigits(2);
    return scale.ticks().stream()
        .map(
            amount ->
                new Tick(
                    round(HEIGHT - scale.share(amount) * HEIGHT),
                    scale.top() < EXACT_UNTIL ? Series.exact(amount) : compact.format(amount)))
        .toList();
  }

  private static double percent(double share) {
    return round(share * 100);
  }

  private static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }

  private static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
