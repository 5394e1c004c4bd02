package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import java.time.Instant;
import java.util.UUID;

/**
 * A file of jobs.
 *
 * @param lines that were read
 * @param queued of those, that became jobs; the others have a fault
 * @param isComplete the file was read to its end
 */
public record Batch(
    UUID id,
    Environment environment,
    String name,
    Format format,
    int lines,
    int queued,
    boolean isComplete,
    Instant createdAt) {

  public int faults() {
    return lines - queued;
  }

  /** How a file is written, and how its results are. */
  enum Format {
    CSV("text/csv", "csv"),
    JSONL("application/jsonl", "jsonl");

    private final String contentType;
    private final String wire;

    Format(String contentType, String wire) {
      this.contentType = contentType;
      this.wire = wire;
    }

    String contentType() {
      return contentType;
    }

    /** Also how the name of such a file ends. */
    public String wire() {
      return wire;
    }

    static Format of(String wire) {
      return wire.equals(CSV.wire) ? CSV : JSONL;
    }
  }

  /** Its jobs by state, in the words of a page. */
  record Progress(int open, int succeeded, int failed, int cancelled) {

    public int ended() {
      return succeeded + failed + cancelled;
    }

    public int all() {
      return open + ended();
    }
  }

  /**
   * A line that is no job.
   *
   * @param line as an editor counts it: the first is 1
   * @param fault in words for a person
   */
  record Fault(int line, String fault) {}
}
