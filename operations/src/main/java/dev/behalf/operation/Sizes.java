package dev.behalf.operation;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Sizes and durations as people write them: {@code 448KiB}, {@code 20s}. */
final class Sizes {

  /** The forms that {@code definition.schema.json} accepts as well. */
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB)");

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private static final Pattern HOURS = Pattern.compile("(\\d{1,4})(h|d)");

  private Sizes() {}

  /** Returns a size in bytes. */
  static long bytes(String text) {
    var match = SIZE.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(text);
    }
    return Long.parseLong(match.group(1))
        * switch (match.group(2)) {
          case "MiB" -> 1024 * 1024;
          case "KiB" -> 1024;
          default -> 1;
        };
  }

  /** Returns a size as a person reads it, in the largest unit that divides it. */
  static String text(long bytes) {
    if (bytes % (1024 * 1024) == 0) {
      return bytes / (1024 * 1024) + " MiB";
    }
    return bytes % 1024 == 0
        ? bytes / 1024 + " KiB"
        : String.format(Locale.ROOT, "%,d bytes", bytes);
  }

  /** Returns the hours of {@code 12h} or {@code 7d}. */
  static int hours(String text) {
    var match = HOURS.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(text);
    }
    return Integer.parseInt(match.group(1)) * (match.group(2).equals("d") ? 24 : 1);
  }

  static Duration duration(String text) {
    var match = DURATION.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(text);
    }
    var amount = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofSeconds(amount);
    };
  }
}
