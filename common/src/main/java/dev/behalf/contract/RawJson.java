package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import tools.jackson.databind.JsonNode;

/**
 * JSON that is carried and not read: it was checked where it came in, and is checked again where it
 * is computed. Whoever carries it has no rules of its own by which it could fail.
 */
public record RawJson(@JsonRawValue @JsonValue String text) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static RawJson of(JsonNode json) {
    return new RawJson(json.toString());
  }

  public static RawJson of(JobPayload payload) {
    return new RawJson(StrictJson.text(payload));
  }
}
