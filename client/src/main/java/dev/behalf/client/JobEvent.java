package dev.behalf.client;

import tools.jackson.databind.JsonNode;

/**
 * Something that happened to a job while it was followed.
 *
 * @param id its number, from which a cut stream goes on
 * @param name {@code output}, {@code progress}, {@code log}, {@code usage}, {@code restart}, {@code
 *     truncated} or {@code end}; later servers may have others
 */
public record JobEvent(String id, String name, JsonNode data) {

  /** Returns the next part of the result, or an empty string if this is no output. */
  public String delta() {
    return name.equals("output") ? data.path("delta").asString("") : "";
  }

  public boolean isEnd() {
    return name.equals("end");
  }
}
