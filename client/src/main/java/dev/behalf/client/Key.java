package dev.behalf.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An API key without its secret text.
 *
 * @param kind {@code personal}, or {@code managed} for a key that workers use
 * @param lastUsed time of the last use, up to a minute late
 */
public record Key(
    String id,
    String name,
    String kind,
    String environment,
    String state,
    List<String> scopes,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsed,
    JsonNode json) {

  static Key of(JsonNode json) {
    return new Key(
        json.required("id").asString(),
        json.required("name").asString(),
        json.required("kind").asString(),
        json.required("environment").asString(),
        json.required("state").asString(),
        Json.texts(json, "scopes"),
        Json.timeOrNull(json, "expires_at"),
        json.hasNonNull("last_used") ? Json.time(json.required("last_used"), "at") : null,
        json);
  }

  /**
   * A newly issued key.
   *
   * @param secret text of the key, which the server never shows again; null for a managed key
   * @param replaced the key that it follows in a rotation; null for a new one
   */
  public record Issued(Key key, @Nullable String secret, @Nullable Key replaced, JsonNode json) {

    static Issued of(JsonNode json) {
      return new Issued(
          Key.of(json.required("key")),
          Json.textOrNull(json, "secret"),
          json.hasNonNull("old") ? Key.of(json.required("old")) : null,
          json);
    }

    /** Leaves the secret out: a log may have this text. */
    @Override
    public String toString() {
      return "key " + key.id();
    }
  }
}
