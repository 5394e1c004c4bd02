package dev.behalf.cli.terminal;

import dev.behalf.client.Job;
import dev.behalf.client.Job.Hop;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The timeline of a job as lines: the hops that are new since the last call. */
public final class Timeline {

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private static final int STATION_WIDTH = 12;
  private static final int SINCE_WIDTH = 10;

  private final Terminal terminal;
  private int shown;
  private int attempts;
  private String fault = "";

  public Timeline(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Returns a line for each new hop, and one with the reason if an attempt has failed. */
  public List<String> news(Job job) {
    var lines = new ArrayList<>(stations(job));
    var now = job.hasEnded() ? "" : reason(job);
    if (!now.isEmpty() && !now.equals(fault)) {
      lines.add(terminal.painted(Style.WAITING, "! " + now));
    }
    fault = now;
    return lines;
  }

  /** Returns a line for each new hop. */
  public List<String> stations(Job job) {
    var lines = new ArrayList<String>();
    for (; shown < job.hops().size(); shown++) {
      var hop = job.hops().get(shown);
      if (hop.station().equals("dispatched") && ++attempts > 1) {
        lines.add(terminal.painted(Style.WAITING, "↻ attempt " + attempts));
      }
      lines.add(line(hop, shown == 0 ? hop.at() : job.hops().get(shown - 1).at()));
    }
    return lines;
  }

  private String line(Hop hop, Instant last) {
    var station = Width.clean(hop.station()).replace('_', ' ');
    var since = shown == 0 ? "" : "+" + text(Duration.between(last, hop.at()));
    return terminal.painted(Style.BUSY, "●")
        + " "
        + station
        + " ".repeat(Math.max(1, STATION_WIDTH - Width.of(station)))
        + CLOCK.format(hop.at())
        + terminal.painted(
            Style.FAINT, since.isEmpty() ? "" : ("%" + SINCE_WIDTH + "s").formatted(since));
  }

  /** Returns why the last attempt or the whole job failed, or an empty string. */
  public static String reason(Job job) {
    return job.code().isEmpty()
        ? ""
        : Width.clean(job.code() + (job.detail().isEmpty() ? "" : ": " + job.detail()));
  }

  /** Formats a duration. A negative one counts as zero: the clocks of several machines differ. */
  public static String text(Duration time) {
    var millis = Math.max(0, time.toMillis());
    if (millis < 1_000) {
      return millis + " ms";
    }
    return millis < 120_000
        ? String.format(Locale.ROOT, "%.1f s", millis / 1000.0)
        : millis / 60_000 + " min " + millis / 1000 % 60 + " s";
  }
}
