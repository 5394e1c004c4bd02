package dev.behalf.web.webhooks;

import dev.behalf.contract.Environment;
import java.time.Duration;
import java.util.UUID;

/** What happened to webhooks, for figures and logs: neither a body nor a secret is in it. */
public sealed interface WebhookEvent {

  /**
   * An attempt was made.
   *
   * @param outcome a word for figures: {@code status}, a {@link AttemptFailure}, or that it went
   *     well
   */
  record Attempted(
      UUID userId,
      UUID endpointId,
      String deliveryId,
      Environment environment,
      String outcome,
      Duration took)
      implements WebhookEvent {}

  /** It was the last attempt of a delivery, and it has failed. */
  record GivenUp(UUID userId, UUID endpointId, String deliveryId, Environment environment)
      implements WebhookEvent {}

  /** An endpoint was disabled, though not by its owner. */
  record Disabled(UUID userId, UUID endpointId, Environment environment, DisabledReason reason)
      implements WebhookEvent {}

  /** Nothing could be taken, or what came of an attempt could not be written. */
  record Disturbed(String reason) implements WebhookEvent {}
}
