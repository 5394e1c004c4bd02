package dev.behalf.web.billing.usage;

import java.time.Instant;
import java.util.Arrays;

/**
 * Where the columns of a chart lie, as shares of its width. A column without an amount is narrow,
 * which leaves room for the others.
 */
final class Columns {

  private static final int FILLED = 4;
  private static final int AHEAD = 2;
  private static final int EMPTY = 1;

  private final double[] edges;
  private final int[] weights;

  private Columns(double[] edges, int[] weights) {
    this.edges = edges;
    this.weights = weights;
  }

  /**
   * Places the columns of a series.
   *
   * @param each the forecast units of each slot that begins after {@code now}; 0 for no forecast
   */
  static Columns of(Series series, Instant now, long each) {
    var weights =
        series.slots().stream()
            .mapToInt(
                slot ->
                    slot.total() > 0
                        ? FILLED
                        : each > 0 && slot.from().isAfter(now) ? AHEAD : EMPTY)
            .toArray();
    var edges = new double[weights.length + 1];
    double all = Arrays.stream(weights).sum();
    for (int at = 0, sum = 0; at < weights.length; at++) {
      sum += weights[at];
      edges[at + 1] = sum / all;
    }
    return new Columns(edges, weights);
  }

  double left(int at) {
    return edges[at];
  }

  double width(int at) {
    return edges[at + 1] - edges[at];
  }

  boolean isAhead(int at) {
    return weights[at] == AHEAD;
  }

  /** Returns whether columns without an amount are narrower than others. */
  boolean areUneven() {
    return Arrays.stream(weights).anyMatch(weight -> weight == EMPTY)
        && Arrays.stream(weights).anyMatch(weight -> weight != EMPTY);
  }
}
