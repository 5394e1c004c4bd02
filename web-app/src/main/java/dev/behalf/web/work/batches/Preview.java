package dev.behalf.web.work.batches;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the settings make of a file.
 *
 * @param marked whether the file begins with a byte order mark
 * @param heading names of the columns, as shown; empty for JSON lines
 * @param rows the first ten rows, as shown
 * @param lines number of lines with content
 * @param faults the first lines that are not jobs
 * @param metered whether the units are the most that the jobs can cost
 * @param parts the valid lines by operation
 */
record Preview(
    boolean marked,
    List<String> heading,
    List<Row> rows,
    int lines,
    List<Skipped> faults,
    boolean metered,
    List<Part> parts) {

  /** A row; JSON lines have one cell. */
  record Row(int line, List<String> cells) {}

  /**
   * A line that is not a job.
   *
   * @param fault in English
   * @param words the same for the page; null if an earlier version stored the preview
   */
  record Skipped(int line, String fault, Fault.@Nullable Words words) {
    static Skipped of(Lines.Invalid invalid) {
      return new Skipped(invalid.number(), invalid.fault().sentence(), invalid.fault().words());
    }
  }

  /** The jobs of one operation and their estimated cost. */
  record Part(String operation, int jobs, long units) {}

  public int jobs() {
    return parts.stream().mapToInt(Part::jobs).sum();
  }

  public int invalid() {
    return lines - jobs();
  }

  public long units() {
    return parts.stream().mapToLong(Part::units).sum();
  }
}
