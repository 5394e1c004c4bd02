package dev.behalf.cli.api;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A job as the API returns it. States and stations unknown to this version are shown unchanged.
 *
 * @param text first text of the input, or an empty string if it has none
 * @param units units charged, or null until the job has succeeded
 * @param code problem code of the last attempt or of the final failure, or empty
 * @param json answer of the server, without the watch token: what a script prints may be kept
 */
public record Job(
    String id,
    String environment,
    String state,
    String operation,
    String text,
    String priority,
    int attempt,
    @Nullable Long units,
    String code,
    String detail,
    List<Hop> hops,
    Instant createdAt,
    @Nullable Instant finishedAt,
    @Nullable Waiting waiting,
    JsonNode json) {

  public static final String SUCCEEDED = "succeeded";

  /** All states of a job, as {@code --state} accepts them. */
  public static final List<String> STATES =
      List.of("queued", "dispatched", "running", SUCCEEDED, "failed", "cancelled");

  private static final Set<String> ENDS = Set.of(SUCCEEDED, "failed", "cancelled");

  /** A hop: a step in the job's timeline, named by its station. */
  public record Hop(String station, Instant at) {}

  /**
   * The reason why a job waits.
   *
   * @param ahead number of the same user's jobs that run before this one
   * @param until when the reason ends, or null if that is unknown
   */
  public record Waiting(String reason, long ahead, @Nullable Instant until) {}

  public static Job of(JsonNode json) {
    if (json instanceof ObjectNode object) {
      object.remove("watch_token");
    }
    var payload = json.required("payload");
    return new Job(
        json.required("id").asString(),
        json.required("environment").asString(),
        json.required("state").asString(),
        payload.required("operation").asString(),
        StrictJson.MAPPER.treeToValue(payload, JobPayload.class).firstText().orElse(""),
        json.required("priority").asString(),
        json.required("attempt").asInt(),
        json.hasNonNull("units") ? json.required("units").asLong() : null,
        json.path("code").asString(""),
        json.path("detail").asString(""),
        json.required("hops").valueStream().map(Job::hop).toList(),
        Times.required(json, "created_at"),
        Times.optional(json, "finished_at"),
        json.hasNonNull("waiting") ? waiting(json.required("waiting")) : null,
        json);
  }

  private static Hop hop(JsonNode json) {
    return new Hop(json.required("station").asString(), Times.required(json, "at"));
  }

  private static Waiting waiting(JsonNode json) {
    return new Waiting(
        json.required("reason").asString(),
        json.required("ahead").asLong(),
        Times.optional(json, "until"));
  }

  public boolean hasEnded() {
    return ENDS.contains(state);
  }

  public boolean hasSucceeded() {
    return state.equals(SUCCEEDED);
  }
}
