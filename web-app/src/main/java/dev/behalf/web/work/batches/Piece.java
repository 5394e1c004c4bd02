package dev.behalf.web.work.batches;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.web.work.jobs.Submissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of a file that are stored in one transaction. */
final class Piece {

  private static final int MOST_LINES = 500;
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  /** The lines of a slow sender are stored as they come. */
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final InstantSource clock;
  private @Nullable Instant firstAt;
  private final List<Submissions.Line> jobs = new ArrayList<>();
  private final List<Lines.Invalid> faults = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private int lastLine;
  private int bytes;

  Piece(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * A line as it was sent.
   *
   * @param text empty if the line cannot be read
   */
  record Row(int line, String text) {}

  /**
   * Adds a line.
   *
   * @param text the line as it was sent; null if results need it no more
   */
  void add(Lines.Line line, @Nullable String text) {
    lastLine = line.number();
    if (text != null) {
      rows.add(new Row(line.number(), text));
      bytes += text.getBytes(UTF_8).length;
    }
    if (firstAt == null) {
      firstAt = clock.instant();
    }
    switch (line) {
      case Lines.Valid valid -> {
        var job = Submissions.Line.of(valid.number(), valid.operation(), valid.payload());
        jobs.add(job);
        bytes += job.json().text().getBytes(UTF_8).length;
      }
      case Lines.Invalid invalid -> faults.add(invalid);
    }
  }

  boolean isFull() {
    return size() >= MOST_LINES
        || bytes > MOST_BYTES
        || (firstAt != null && clock.instant().isAfter(firstAt.plus(LONGEST)));
  }

  int size() {
    return jobs.size() + faults.size();
  }

  /** Returns the number of the last line. */
  int lastLine() {
    return lastLine;
  }

  List<Row> rows() {
    return rows;
  }

  List<Submissions.Line> jobs() {
    return jobs;
  }

  List<Lines.Invalid> faults() {
    return faults;
  }
}
