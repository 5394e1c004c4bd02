package dev.behalf.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/** Parser for future times as people write them: a timestamp, a date, or a duration from now. */
final class FutureTime {

  private static final Pattern FROM_NOW = Pattern.compile("(\\d{1,6})([smhd])");
  static final String FORMS = "2027-01-31T10:00:00Z, 2027-01-31 (UTC), or a delay: 30m, 12h, 7d";

  private FutureTime() {}

  static Instant parse(String text, Instant now) {
    var fromNow = FROM_NOW.matcher(text);
    if (fromNow.matches()) {
      return now.plus(length(Long.parseLong(fromNow.group(1)), fromNow.group(2)));
    }
    try {
      return text.contains("T")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
    } catch (DateTimeException unreadable) {
      throw new WrongUsage("\"" + text + "\" is not a time: write " + FORMS + ".");
    }
  }

  private static Duration length(long count, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
