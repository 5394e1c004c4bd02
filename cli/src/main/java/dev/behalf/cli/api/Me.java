package dev.behalf.cli.api;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The user that a credential stands for.
 *
 * @param credential {@code key …} with its public id
 * @param environment live or test; both if the credential is not a key
 */
public record Me(
    String userId, String credential, String environment, List<String> scopes, JsonNode json) {

  public static Me of(JsonNode json) {
    return new Me(
        json.required("user_id").asString(),
        json.required("credential").asString(),
        json.path("environment").asString("live and test"),
        json.required("scopes").valueStream().map(JsonNode::asString).toList(),
        json);
  }
}
