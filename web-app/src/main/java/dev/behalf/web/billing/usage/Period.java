package dev.behalf.web.billing.usage;

import dev.behalf.server.problem.Problem;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** A calendar month in UTC, such as {@code 2026-11}. */
public record Period(YearMonth month) {

  public static Period at(Instant instant) {
    return new Period(YearMonth.from(instant.atOffset(ZoneOffset.UTC)));
  }

  /**
   * What an address names.
   *
   * @throws Problem where it is no month
   */
  public static Period parse(String name) {
    try {
      return new Period(YearMonth.parse(name));
    } catch (DateTimeParseException none) {
      throw Problem.notFound();
    }
  }

  public String name() {
    return month.toString();
  }

  public Instant start() {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  public Instant end() {
    return next().start();
  }

  /** The words that find its jobs in the list. */
  public String query() {
    return between(month.atDay(1), next().month().atDay(1));
  }

  public static String between(LocalDate since, LocalDate until) {
    return "since:" + since + " until:" + until;
  }

  private Period next() {
    return new Period(month.plusMonths(1));
  }
}
