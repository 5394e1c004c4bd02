package dev.behalf.client;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A webhook without its secret.
 *
 * @param events such as {@code job.succeeded}
 * @param disabledReason {@code owner}, {@code gone} or {@code failing}; null while it is enabled
 */
public record Webhook(
    UUID id,
    String environment,
    String url,
    List<String> events,
    Instant createdAt,
    @Nullable String disabledReason,
    JsonNode json) {

  static Webhook of(JsonNode json) {
    return new Webhook(
        UUID.fromString(json.required("id").asString()),
        json.required("environment").asString(),
        json.required("url").asString(),
        Json.texts(json, "events"),
        Json.time(json, "created_at"),
        Json.textOrNull(json, "disabled_reason"),
        json);
  }

  /**
   * A new webhook.
   *
   * @param secret for {@link WebhookVerifier}; the server never shows it again
   */
  public record Issued(Webhook webhook, String secret) {

    static Issued of(JsonNode json) {
      return new Issued(Webhook.of(json.required("webhook")), json.required("secret").asString());
    }

    /** Leaves the secret out: a log may have this text. */
    @Override
    public String toString() {
      return "webhook " + webhook.id();
    }
  }
}
