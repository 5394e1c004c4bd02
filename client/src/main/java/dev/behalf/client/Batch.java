package dev.behalf.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A file of jobs.
 *
 * @param lines number of lines that were read
 * @param queued number of those lines that became jobs
 * @param isComplete whether the file was read to its end
 * @param jobs number of jobs by state
 * @param invalidLines the first 100 lines that became none
 * @param completedAt when the last job had ended; null while one is open
 */
public record Batch(
    UUID id,
    String environment,
    String name,
    int lines,
    int queued,
    boolean isComplete,
    Map<String, Long> jobs,
    List<InvalidLine> invalidLines,
    Instant createdAt,
    @Nullable Instant completedAt,
    JsonNode json) {

  /**
   * A line that cannot be a job.
   *
   * @param line as editors count, from 1
   */
  public record InvalidLine(long line, String fault) {}

  static Batch of(JsonNode json) {
    return new Batch(
        UUID.fromString(json.required("id").asString()),
        json.required("environment").asString(),
        json.required("name").asString(),
        json.required("lines").asInt(),
        json.required("queued").asInt(),
        json.required("complete").asBoolean(),
        Json.numbersByName(json, "jobs"),
        json.path("invalid_lines")
            .valueStream()
            .map(
                one ->
                    new InvalidLine(
                        one.required("line").asLong(), one.required("fault").asString()))
            .toList(),
        Json.time(json, "created_at"),
        Json.timeOrNull(json, "completed_at"),
        json);
  }

  /** Returns how many of its jobs have not ended. */
  public long open() {
    return jobs.entrySet().stream()
        .filter(state -> !Job.ENDS.contains(state.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  public boolean hasEnded() {
    return completedAt != null;
  }

  /** A page of batches, newest first; {@code next} is null on the last. */
  public record Page(List<Batch> batches, @Nullable String next) {}

  /**
   * What became of a line.
   *
   * @param id of the job; null for an invalid line
   * @param state of the job, or {@code invalid}
   */
  public record Result(
      long line,
      @Nullable UUID id,
      String state,
      @Nullable Long units,
      String code,
      String detail,
      @Nullable JsonNode result) {

    static Result of(JsonNode json) {
      return new Result(
          json.required("line").asLong(),
          json.hasNonNull("id") ? UUID.fromString(json.required("id").asString()) : null,
          json.required("state").asString(),
          Json.numberOrNull(json, "units"),
          json.path("code").asString(""),
          json.path("detail").asString(""),
          json.hasNonNull("result") ? json.required("result") : null);
    }
  }
}
