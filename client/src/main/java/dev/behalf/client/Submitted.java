package dev.behalf.client;

import org.jspecify.annotations.Nullable;

/**
 * A job that is stored and will reach a final state.
 *
 * @param isReplayed whether it had been submitted before, with the same idempotency key
 * @param watchToken with which a page can read it; null if the credential may not read jobs
 */
public record Submitted(Job job, boolean isReplayed, @Nullable WatchToken watchToken) {

  static Submitted of(Transport.Answer answer) {
    var json = answer.json();
    var token = json.hasNonNull("watch_token") ? WatchToken.of(json.required("watch_token")) : null;
    return new Submitted(Job.of(json), answer.isReplayed(), token);
  }
}
