package dev.behalf.web.operators.console;

import dev.behalf.web.site.preferences.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Durations, numbers and shares as the operators' pages write them. */
record OperatorFormats(Instant now) {

  /** A duration in seconds; a dash for none. */
  public String of(@Nullable Double seconds) {
    return seconds == null ? "–" : Durations.rounded(Duration.ofNanos(Math.round(seconds * 1e9)));
  }

  /** How long ago it was. */
  public String since(Instant at) {
    return Durations.rounded(Duration.between(at, now));
  }

  /** One digit behind the point. */
  public String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.1f", value);
  }

  public String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }
}
