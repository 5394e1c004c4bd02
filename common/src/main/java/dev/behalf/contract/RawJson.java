package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import tools.jackson.databind.JsonNode;

/**
 * JSON that is passed on without being interpreted. It is validated on arrival and again before it
 * is computed; the services in between have no rules of their own that could fail.
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
