package dev.behalf.compute.quota;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** A calendar month in UTC, written {@code 2026-11}. */
public record Period(String name) {

  static Period at(Instant instant) {
    return new Period(YearMonth.from(instant.atOffset(ZoneOffset.UTC)).toString());
  }

  long seconds() {
    return Duration.between(start(0), start(1)).toSeconds();
  }

  long secondsLeft(Instant now) {
    return Math.max(1, Duration.between(now, start(1)).toSeconds());
  }

  private Instant start(int monthsLater) {
    return YearMonth.parse(name)
        .plusMonths(monthsLater)
        .atDay(1)
        .atStartOfDay(ZoneOffset.UTC)
        .toInstant();
  }
}
