package dev.behalf.web.site.preferences;

import java.time.Duration;
import java.util.Locale;

/** Formats durations for pages, with unit symbols that every language uses. */
public final class Durations {

  private Durations() {}

  /** Formats a duration with all measured digits: 1.25 ms, 340 ms, 12.3 s, 5 min, 3 h. */
  public static String precise(Duration time) {
    double millis = Math.max(0, time.toNanos() / 1e6);
    if (millis < 10) {
      return String.format(Locale.ROOT, "%.2f ms", millis);
    }
    if (millis < 10_000) {
      return Math.round(millis) + " ms";
    }
    if (millis < 120_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }
    return millis < 7_200_000
        ? Math.round(millis / 60_000) + " min"
        : Math.round(millis / 3_600_000) + " h";
  }

  /** Formats a duration with about two digits: 40 ms, 1.2 s, 5 min, 3 h, 2 d. */
  public static String rounded(Duration time) {
    double seconds = Math.max(0, time.toNanos() / 1e9);
    if (seconds < 1) {
      return Math.round(seconds * 1000) + " ms";
    }
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (seconds < 3_600) {
      return Math.round(seconds / 60) + " min";
    }
    return seconds < 86_400
        ? Math.round(seconds / 3_600) + " h"
        : Math.round(seconds / 86_400) + " d";
  }
}
