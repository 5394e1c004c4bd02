package dev.behalf.web.billing.usage;

import java.util.List;
import java.util.stream.LongStream;

/**
 * The vertical axis of a chart: round amounts from 0 to at least the largest one.
 *
 * @param step the amount between two ticks: 1, 2 or 5 times a power of ten
 */
record Scale(long step, long top) {

  private static final int MOST_STEPS = 4;

  static Scale of(long max) {
    for (long power = 1; ; power *= 10) {
      for (long step : new long[] {power, 2 * power, 5 * power}) {
        long steps = Math.ceilDiv(Math.max(1, max), step);
        if (steps <= MOST_STEPS) {
          return new Scale(step, steps * step);
        }
      }
    }
  }

  List<Long> ticks() {
    return LongStream.rangeClosed(0, top / step).mapToObj(tick -> tick * step).toList();
  }

  double share(long amount) {
    return (double) amount / top;
  }
}
