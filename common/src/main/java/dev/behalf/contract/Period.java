package dev.behalf.contract;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** A billing period: a calendar month in UTC, written {@code 2026-11}. */
public record Period(YearMonth month) {

  public static Period at(Instant instant) {
    return new Period(YearMonth.from(instant.atOffset(ZoneOffset.UTC)));
  }

  /** Returns the period with this {@link #name}, or empty for any other text. */
  public static Optional<Period> find(String name) {
    try {
      return Optional.of(new Period(YearMonth.parse(name)));
    } catch (DateTimeParseException none) {
      return Optional.empty();
    }
  }

  public String name() {
    return month.toString();
  }

  public Instant start() {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** Returns the first instant of the next period. */
  public Instant end() {
    return next().start();
  }

  public Period next() {
    return new Period(month.plusMonths(1));
  }

  public Duration length() {
    return Duration.between(start(), end());
  }
}
