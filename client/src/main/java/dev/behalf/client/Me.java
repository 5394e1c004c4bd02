package dev.behalf.client;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The user that a credential stands for.
 *
 * @param credential {@code key …} with its public id
 * @param environment {@code live} or {@code test}; null if the credential opens both
 */
public record Me(
    UUID userId,
    String credential,
    @Nullable String environment,
    List<String> scopes,
    JsonNode json) {

  static Me of(JsonNode json) {
    return new Me(
        UUID.fromString(json.required("user_id").asString()),
        json.required("credential").asString(),
        Json.textOrNull(json, "environment"),
        Json.texts(json, "scopes"),
        json);
  }
}
