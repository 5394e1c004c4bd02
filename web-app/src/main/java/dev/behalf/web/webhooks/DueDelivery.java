package dev.behalf.web.webhooks;

import dev.behalf.contract.Environment;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that this process has leased for one attempt.
 *
 * @param userId the owner of the endpoint: a user or a platform
 * @param attempt the number of this attempt, from 1
 * @param tried the attempts since the delivery was created or replayed, including this one
 * @param secrets the encrypted signing secrets, the newest first
 */
record DueDelivery(
    UUID userId,
    boolean isPlatforms,
    String id,
    UUID endpointId,
    Environment environment,
    String url,
    String body,
    int attempt,
    int tried,
    List<byte[]> secrets) {

  /** Returns the user who is told of the endpoint; null for a platform. */
  @Nullable UUID owner() {
    return isPlatforms ? null : userId;
  }

  @Override
  public String toString() {
    return id;
  }
}
