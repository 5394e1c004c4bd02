package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import dev.behalf.contract.WireName;
import dev.behalf.web.work.jobs.PublicState;
import dev.behalf.web.work.jobs.ShownState;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A file of jobs.
 *
 * @param lines number of lines that were read
 * @param queued number of those lines that became jobs; the others are invalid
 * @param isComplete whether reading finished, at the end of the file or at its limit of lines
 * @param completedAt when the last job had ended; null while one is open or reading goes on
 */
public record Batch(
    UUID id,
    Environment environment,
    String name,
    Format format,
    int lines,
    int queued,
    boolean isComplete,
    Instant createdAt,
    @Nullable Instant completedAt) {

  static final String CSV_TYPE = "text/csv";

  /** JSON lines (https://jsonlines.org), under the type that most software gives them. */
  static final String JSON_LINES_TYPE = "application/x-ndjson";

  public int faults() {
    return lines - queued;
  }

  /** The format of a file and of its results. */
  enum Format implements WireName {
    CSV(CSV_TYPE),
    JSONL(JSON_LINES_TYPE);

    private final String contentType;

    Format(String contentType) {
      this.contentType = contentType;
    }

    String contentType() {
      return contentType;
    }

    /** Returns the format with this name, which is also its file extension. */
    static Format of(String wire) {
      return WireName.find(Format.class, wire).orElseThrow();
    }
  }

  /** The number of a batch's jobs in each state. */
  record Progress(Map<JobState, Integer> jobs) {

    /**
     * The jobs that ended in a state.
     *
     * @param query filter of a job query that finds these jobs within the batch
     */
    record Part(JobState state, int jobs, String query) {}

    /** Returns the number of jobs by the state that the API names. */
    Map<PublicState, Integer> byPublicState() {
      var counts = new EnumMap<PublicState, Integer>(PublicState.class);
      jobs.forEach((state, count) -> counts.merge(PublicState.of(state), count, Integer::sum));
      return counts;
    }

    public List<Part> ends() {
      return Arrays.stream(JobState.values())
          .filter(JobState::isFinal)
          .map(state -> new Part(state, count(state::equals), query(state)))
          .toList();
    }

    public int open() {
      return count(JobState::isOpen);
    }

    public int ended() {
      return count(JobState::isFinal);
    }

    public int unsuccessful() {
      return count(JobState::isUnsuccessful);
    }

    public int all() {
      return count(state -> true);
    }

    private int count(Predicate<JobState> which) {
      return jobs.entrySet().stream()
          .filter(entry -> which.test(entry.getKey()))
          .mapToInt(Map.Entry::getValue)
          .sum();
    }

    private static String query(JobState state) {
      return ShownState.of(state).stream()
          .map(ShownState::wire)
          .collect(Collectors.joining(",", "state:", ""));
    }
  }

  /**
   * A line that did not become a job.
   *
   * @param line line number in an editor, from 1
   * @param fault what is wrong, in words for a person
   */
  record InvalidLine(int line, String fault) {}
}
