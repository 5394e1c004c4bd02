package dev.behalf.web.webhooks;

import dev.behalf.contract.Environment;
import java.time.Duration;
import java.util.UUID;

/** Webhook activity for metrics and logs; it contains neither a body nor a secret. */
public sealed interface WebhookEvent {

  /**
   * An attempt was made.
   *
   * @param outcome the metric tag: "delivered", {@code status} or an {@link AttemptFailure}
   */
  record Attempted(
      UUID userId,
      UUID endpointId,
      String deliveryId,
      Environment environment,
      String outcome,
      Duration took)
      implements WebhookEvent {}

  /** The last attempt of a delivery has failed. */
  record GivenUp(UUID userId, UUID endpointId, String deliveryId, Environment environment)
      implements WebhookEvent {}

  /** The service, not the owner, has disabled an endpoint. */
  record Disabled(UUID userId, UUID endpointId, Environment environment, DisabledReason reason)
      implements WebhookEvent {}

  /** Deliveries could not be leased, or an attempt could not be made or recorded. */
  record Disturbed(String reason) implements WebhookEvent {}
}
