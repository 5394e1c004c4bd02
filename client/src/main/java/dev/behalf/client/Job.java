package dev.behalf.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A job. States, stations and reasons that this version does not know are given unchanged.
 *
 * @param payload the operation's name and the properties of its input
 * @param units units charged, or null until the job has succeeded
 * @param result what the operation gave; null unless the job has succeeded
 * @param code problem code of the last attempt or of the final failure, or empty
 * @param json answer of the server, without the watch token: what is printed may be kept
 */
public record Job(
    UUID id,
    String environment,
    String state,
    String operation,
    JsonNode payload,
    String priority,
    int attempt,
    @Nullable Long units,
    @Nullable JsonNode result,
    String code,
    String detail,
    List<String> tags,
    Map<String, String> metadata,
    List<Hop> hops,
    Instant createdAt,
    @Nullable Instant finishedAt,
    @Nullable Waiting waiting,
    JsonNode json) {

  public static final String SUCCEEDED = "succeeded";

  /** All states of a job. */
  public static final List<String> STATES =
      List.of("queued", "running", SUCCEEDED, "failed", "cancelled");

  static final Set<String> ENDS = Set.of(SUCCEEDED, "failed", "cancelled");

  /** A hop: a station that the job passed, with its time. */
  public record Hop(String station, Instant at) {}

  /**
   * The reason why a job waits.
   *
   * @param ahead number of the same user's jobs that run before this one
   * @param until when the reason ends, or null if that is unknown
   */
  public record Waiting(String reason, long ahead, @Nullable Instant until) {}

  static Job of(JsonNode json) {
    if (json instanceof ObjectNode object) {
      object.remove("watch_token");
    }
    var payload = json.required("payload");
    return new Job(
        UUID.fromString(json.required("id").asString()),
        json.required("environment").asString(),
        json.required("state").asString(),
        payload.required("operation").asString(),
        payload,
        json.required("priority").asString(),
        json.required("attempt").asInt(),
        Json.numberOrNull(json, "units"),
        json.hasNonNull("result") ? json.required("result") : null,
        json.path("code").asString(""),
        json.path("detail").asString(""),
        Json.texts(json, "tags"),
        Json.textsByName(json, "metadata"),
        json.required("hops").valueStream().map(Job::hop).toList(),
        Json.time(json, "created_at"),
        Json.timeOrNull(json, "finished_at"),
        json.hasNonNull("waiting") ? waiting(json.required("waiting")) : null,
        json);
  }

  private static Hop hop(JsonNode json) {
    return new Hop(json.required("station").asString(), Json.time(json, "at"));
  }

  private static Waiting waiting(JsonNode json) {
    return new Waiting(
        json.required("reason").asString(),
        json.required("ahead").asLong(),
        Json.timeOrNull(json, "until"));
  }

  public boolean hasEnded() {
    return ENDS.contains(state);
  }

  public boolean hasSucceeded() {
    return state.equals(SUCCEEDED);
  }
}
