package dev.behalf.web.identity.apikeys;

import java.time.Duration;
import java.time.Instant;

/** Tells in words how long ago something was, for the list of keys. */
record Ages(Instant now) {

  /**
   * An age in one unit, rounded down.
   *
   * @param unit {@code now} for less than two minutes: the figures lag by one
   */
  record Age(String unit, long count) {}

  /** Returns the age of a point in time. */
  public Age of(Instant at) {
    var age = Duration.between(at, now);
    if (age.toMinutes() < 2) {
      return new Age("now", 0);
    }
    if (age.toHours() < 1) {
      return new Age("minutes", age.toMinutes());
    }
    if (age.toDays() < 1) {
      return new Age("hours", age.toHours());
    }
    return age.toDays() < 60 ? new Age("days", age.toDays()) : new Age("months", age.toDays() / 30);
  }
}
