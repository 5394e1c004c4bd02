package dev.behalf.worker.secrets;

import dev.behalf.contract.JobMessage;

/** Where keys come from: a port, so that a vault can stand in the place of web-app. */
public interface SecretLookup {

  Answer find(JobMessage job);

  /** A key was refused: the next {@link #find} must not answer it from memory. */
  void forget(JobMessage job, ManagedKey refused);

  sealed interface Answer {}

  record Found(ManagedKey key) implements Answer {}

  /** The job is not in flight, or its user has no key for it. */
  record None() implements Answer {}

  record Unreachable(String reason) implements Answer {}
}
