package dev.behalf.cli.api;

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

  /**
   * A newly issued key.
   *
   * @param secret text of the key, which the server never shows again; null for a managed key
   */
  public record Issued(Key key, @Nullable String secret, JsonNode json) {

    public static Issued of(JsonNode json) {
      return new Issued(
          Key.of(json.required("key")),
          json.hasNonNull("secret") ? json.required("secret").asString() : null,
          json);
    }
  }

  public static Key of(JsonNode json) {
    return new Key(
        json.required("id").asString(),
        json.required("name").asString(),
        json.required("kind").asString(),
        json.required("environment").asString(),
        json.required("state").asString(),
        json.required("scopes").valueStream().map(JsonNode::asString).toList(),
        Times.optional(json, "expires_at"),
        json.hasNonNull("last_used") ? Times.required(json.required("last_used"), "at") : null,
        json);
  }
}
