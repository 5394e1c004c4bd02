package dev.behalf.worker.compute;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What compute-server's answer means for the job. */
public sealed interface ComputeAnswer {

  /**
   * The result is saved.
   *
   * @param times absent where compute-server does not say them
   */
  record Done(long units, boolean replayed, @Nullable Times times) implements ComputeAnswer {}

  /** How long it waited for a place, the engine took, and then to save and charge. */
  record Times(Duration waited, Duration engine, Duration charge) {
    public Duration all() {
      return waited.plus(engine).plus(charge);
    }
  }

  /** Asking again would not help. */
  record Refused(String code, String detail) implements ComputeAnswer {}

  record KeyRefused() implements ComputeAnswer {}

  /** May be better later. */
  record Unavailable(String code, String detail, @Nullable Integer retryAfterSeconds)
      implements ComputeAnswer {}
}
