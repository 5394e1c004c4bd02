package dev.behalf.bench;

import java.util.Arrays;

/** The percentiles of durations, which are in nanoseconds and sorted. */
record Percentiles(long[] nanos) {

  Percentiles {
    Arrays.sort(nanos);
  }

  double millis(double percent) {
    return nanos.length == 0
        ? Double.NaN
        : nanos[(int) Math.min(nanos.length - 1, Math.round(percent / 100 * nanos.length))] / 1e6;
  }

  void put(Figures figures, String name) {
    figures.put(name + "_p50_ms", millis(50));
    figures.put(name + "_p95_ms", millis(95));
    figures.put(name + "_p99_ms", millis(99));
  }
}
