package dev.behalf.client;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * An operation that the user may run.
 *
 * @param title by language, such as {@code en}
 * @param input JSON Schema of the input
 */
public record Operation(
    String name, int version, Map<String, String> title, JsonNode input, JsonNode json) {

  static Operation of(JsonNode json) {
    return new Operation(
        json.required("name").asString(),
        json.path("version").asInt(1),
        Json.textsByName(json, "title"),
        json.path("input"),
        json);
  }
}
