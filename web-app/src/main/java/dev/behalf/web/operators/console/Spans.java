package dev.behalf.web.operators.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lengths of time as a page writes them, with the symbols that every language knows. */
record Spans(Instant now) {

  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final int DAY = 24 * HOUR;

  /** Such as {@code 40 ms}, {@code 1.2 s} or {@code 3 h}; a dash for none. */
  public String of(@Nullable Double seconds) {
    if (seconds == null) {
      return "–";
    }
    if (seconds < 1) {
      return Math.round(seconds * 1000) + " ms";
    }
    if (seconds < MINUTE) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (seconds < HOUR) {
      return Math.round(seconds / MINUTE) + " min";
    }
    return seconds < DAY ? Math.round(seconds / HOUR) + " h" : Math.round(seconds / DAY) + " d";
  }

  /** How long ago it was. */
  public String since(Instant at) {
    return of(Math.max(0, Duration.between(at, now).toMillis() / 1e3));
  }

  /** One digit behind the point. */
  public String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.1f", value);
  }

  public String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }
}
