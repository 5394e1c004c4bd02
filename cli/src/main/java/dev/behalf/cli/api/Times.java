package dev.behalf.cli.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the times in answers: ISO 8601 in UTC. */
final class Times {

  private Times() {}

  static Instant required(JsonNode json, String name) {
    return Instant.parse(json.required(name).asString());
  }

  static @Nullable Instant optional(JsonNode json, String name) {
    return json.hasNonNull(name) ? required(json, name) : null;
  }
}
