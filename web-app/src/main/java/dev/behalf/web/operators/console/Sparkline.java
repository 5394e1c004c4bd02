package dev.behalf.web.operators.console;

import dev.behalf.web.operators.console.MinuteFigures.Minute;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One figure of the last minutes as a line from 0 up to the maximum. A minute without the figure is
 * a gap.
 *
 * @param figure the end of the message keys of its name
 * @param path the path of the line in an SVG of {@link #WIDTH} by {@link #HEIGHT}
 * @param newest the figure of the newest minute, as text; a dash for a gap, like the others
 */
record Sparkline(String figure, String path, String newest, String least, String most) {

  static final int WIDTH = (MinuteFigures.MINUTES - 1) * 2;
  static final int HEIGHT = 32;

  /** Half of the line's width, which must not be cut off. */
  private static final int MARGIN = 1;

  private static final String NONE = "–";

  /** Draws a figure of the minutes, given the oldest first. */
  static Sparkline of(
      String figure,
      List<Minute> minutes,
      Function<Minute, @Nullable Double> value,
      DoubleFunction<String> text) {
    var values = new ArrayList<@Nullable Double>();
    var range = new DoubleSummaryStatistics();
    for (var minute : minutes) {
      var known = value.apply(minute);
      values.add(known);
      if (known != null) {
        range.accept(known);
      }
    }
    var newest = values.isEmpty() ? null : values.getLast();
    return new Sparkline(
        figure,
        path(values, Math.max(0, range.getMax())),
        newest == null ? NONE : text.apply(newest),
        range.getCount() == 0 ? NONE : text.apply(range.getMin()),
        range.getCount() == 0 ? NONE : text.apply(range.getMax()));
  }

  /** Returns the path; a value between two gaps is a line without length, drawn as a dot. */
  private static String path(List<@Nullable Double> values, double most) {
    var path = new StringBuilder();
    var isGap = true;
    for (int i = 0; i < values.size(); i++) {
      var value = values.get(i);
      if (value != null) {
        var share = most == 0 ? 0 : value / most;
        var y = HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN);
        path.append(isGap ? "M" : "L")
            .append(i * 2)
            .append(String.format(Locale.ROOT, " %.1f", y))
            .append(isGap ? "h0" : "");
      }
      isGap = value == null;
    }
    return path.toString();
  }
}
