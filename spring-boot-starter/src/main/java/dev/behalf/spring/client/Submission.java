package dev.behalf.spring.client;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.JobRequest;
import dev.behalf.client.Submitted;
import org.jspecify.annotations.Nullable;

/**
 * A job to be submitted.
 *
 * @param externalId the user for whom a platform submits it; null for the key's own user
 */
record Submission(@Nullable String externalId, JobRequest request) {

  /** Keeps the request as it is now: whoever made it may use it for the next job. */
  Submission {
    request = JobRequest.fromJson(request.toJson());
  }

  Submitted send(BehalfClient client) {
    var caller = externalId == null ? client : client.onBehalfOf(externalId);
    return caller.jobs().submit(request);
  }

  @Override
  public String toString() {
    return request.idempotencyKey();
  }
}
