package dev.behalf.client;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * A token with which a page in a browser reads one job and its events, as {@code Authorization:
 * Bearer}.
 */
public record WatchToken(String token, Instant expiresAt) {

  static WatchToken of(JsonNode json) {
    return new WatchToken(json.required("token").asString(), Json.time(json, "expires_at"));
  }

  @Override
  public String toString() {
    return "a watch token until " + expiresAt;
  }
}
