package dev.behalf.client;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * An event that a webhook has received, and that is genuine.
 *
 * @param id the same in each attempt and replay: remember it, to do nothing twice
 * @param type such as {@code job.succeeded} or {@code batch.completed}
 */
public record WebhookEvent(String id, String type, Instant timestamp, JsonNode data) {}
