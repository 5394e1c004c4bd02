package dev.behalf.web.operators.console;

import dev.behalf.web.site.preferences.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats durations, numbers and shares for the operators' pages. */
record OperatorFormats(Instant now) {

  /** Returns a duration in seconds as text; a dash for null. */
  public String of(@Nullable Double seconds) {
    return seconds == null ? "–" : Durations.rounded(Duration.ofNanos(Math.round(seconds * 1e9)));
  }

  /** Returns how long ago a time was. */
  public String since(Instant at) {
    return Durations.rounded(Duration.between(at, now));
  }

  /** Returns the number with one decimal, or from 100 up with none. */
  public String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.1f", value);
  }

  /** Returns a whole number. */
  public String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  public String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }
}
