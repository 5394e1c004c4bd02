package dev.behalf.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A user of a platform.
 *
 * @param quota units a month by environment, as far as they are stored
 * @param disabledAt null while the user is not disabled
 * @param actingEndedAt when the right to act for the user ended; null while it stands
 */
public record PlatformUser(
    String externalId,
    UUID userId,
    String name,
    String email,
    Map<String, Long> quota,
    List<String> permissions,
    Map<String, String> metadata,
    Instant createdAt,
    @Nullable Instant disabledAt,
    @Nullable Instant actingEndedAt,
    JsonNode json) {

  static PlatformUser of(JsonNode json) {
    return new PlatformUser(
        json.required("external_id").asString(),
        UUID.fromString(json.required("user_id").asString()),
        json.path("name").asString(""),
        json.path("email").asString(""),
        Json.numbersByName(json, "quota"),
        Json.texts(json, "permissions"),
        Json.textsByName(json, "metadata"),
        Json.time(json, "created_at"),
        Json.timeOrNull(json, "disabled_at"),
        Json.timeOrNull(json, "acting_ended_at"),
        json);
  }

  /** A page of users by external id; {@code next} is null on the last. */
  public record Page(List<PlatformUser> users, @Nullable String next) {}

  /**
   * What became of a line of many users.
   *
   * @param outcome {@code created}, {@code changed}, {@code unchanged} or {@code failed}
   * @param code problem code of a failed line, or empty
   */
  public record Imported(
      long line, String outcome, String externalId, String code, String detail, String field) {

    static Imported of(JsonNode json) {
      return new Imported(
          json.required("line").asLong(),
          json.required("outcome").asString(),
          json.path("external_id").asString(""),
          json.path("code").asString(""),
          json.path("detail").asString(""),
          json.path("field").asString(""));
    }
  }
}
