package dev.behalf.worker.secrets;

import dev.behalf.contract.JobMessage;

/** Where keys come from: a port, so that a vault can stand in the place of web-app. */
public interface SecretLookup {

  Answer find(JobMessage job);

  /** A key was refused: the next {@link #find} must not answer it from memory. */
  void forget(JobMessage job, ManagedKey refused);

  sealed interface Answer {}

  record Found(ManagedKey key) implements Answer {}

  /** The user has no key that workers may use. */
  record NoKey() implements Answer {}

  /**
   * The job has ended, is gone, or waits for its next attempt: this delivery of it is an old one.
   */
  record NotInFlight() implements Answer {}

  record Unreachable(String reason) implements Answer {}
}
