package dev.behalf.web.site.preferences;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;

/** Formats points in time for pages, in the reader's time zone. */
public final class TimeFormat {

  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd");
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final DateTimeFormatter MILLI = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private final ZoneId zone;

  TimeFormat(ZoneId zone) {
    this.zone = zone;
  }

  public String day(Instant at) {
    return DAY.format(in(at));
  }

  public String minute(Instant at) {
    return MINUTE.format(in(at));
  }

  public String second(Instant at) {
    return SECOND.format(in(at));
  }

  /** Formats the time of day, without the date. */
  public String milli(Instant at) {
    return MILLI.format(in(at));
  }

  /** Returns the zone's name, such as {@code UTC} or {@code Asia/Shanghai}. */
  public String zone() {
    return zone.getId().equals("Z") ? "UTC" : zone.getId();
  }

  private TemporalAccessor in(Instant at) {
    return at.atZone(zone);
  }
}
