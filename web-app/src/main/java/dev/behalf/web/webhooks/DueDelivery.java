package dev.behalf.web.webhooks;

import dev.behalf.contract.Environment;
import java.util.List;
import java.util.UUID;

/**
 * A delivery that this process has taken to make an attempt.
 *
 * @param attempt the number of this one
 * @param tried attempts since it was made or replayed, this one among them
 * @param secrets that sign, the newest first, encrypted
 */
record DueDelivery(
    UUID userId,
    String id,
    UUID endpointId,
    Environment environment,
    String url,
    String body,
    int attempt,
    int tried,
    List<byte[]> secrets) {

  @Override
  public String toString() {
    return id;
  }
}
