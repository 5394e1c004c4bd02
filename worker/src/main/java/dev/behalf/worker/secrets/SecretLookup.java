package dev.behalf.worker.secrets;

import dev.behalf.contract.JobMessage;

/** The source of users' keys: a port, so that a vault can replace web-app. */
public interface SecretLookup {

  Answer find(JobMessage job);

  /** Discards a refused key, so that the next {@link #find} does not return it from a cache. */
  void forget(JobMessage job, ManagedKey refused);

  sealed interface Answer {}

  record Found(ManagedKey key) implements Answer {}

  /** The user has no key that workers may use. */
  record NoKey() implements Answer {}

  /** The job has ended, is gone, or waits for its next attempt: this delivery is outdated. */
  record NotInFlight() implements Answer {}

  record Unreachable(String reason) implements Answer {}
}
