package dev.behalf.worker.secrets;

import dev.behalf.contract.JobMessage;
import org.jspecify.annotations.Nullable;

/** The source of users' keys: a port, so that a vault can replace web-app. */
public interface SecretLookup {

  Answer find(JobMessage job);

  /** Looks up past the cache: only such an answer has the token of this job. */
  Answer findAnew(JobMessage job);

  /** Discards a refused key, so that the next {@link #find} does not return it from a cache. */
  void forget(JobMessage job, ManagedKey refused);

  sealed interface Answer {}

  /**
   * The user's key.
   *
   * @param jobToken the token for the audience of the job's engine; null for none, and from a cache
   */
  record Found(ManagedKey key, @Nullable String jobToken) implements Answer {

    public Found(ManagedKey key) {
      this(key, null);
    }

    @Override
    public String toString() {
      return "Found[" + key + "]";
    }
  }

  /** The user has no key that workers may use. */
  record NoKey() implements Answer {}

  /** The job has ended, is gone, or waits for its next attempt: this delivery is outdated. */
  record NotInFlight() implements Answer {}

  record Unreachable(String reason) implements Answer {}
}
