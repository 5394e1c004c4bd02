package dev.behalf.worker.compute;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The meaning of compute-server's answer for the job. */
public sealed interface ComputeAnswer {

  /**
   * The result is saved.
   *
   * @param times the times that compute-server reported, or null if it reported none
   */
  record Done(long units, boolean replayed, @Nullable Times times) implements ComputeAnswer {}

  /** The work goes on after the call, and compute-server itself says how it ends. */
  record Started() implements ComputeAnswer {}

  /**
   * The time spent at compute-server: waiting for a slot, in the engine, and saving and charging.
   */
  record Times(Duration waited, Duration engine, Duration charge) {
    public Duration all() {
      return waited.plus(engine).plus(charge);
    }
  }

  /** A permanent failure: a retry would not help. */
  record Refused(String code, String detail) implements ComputeAnswer {}

  record KeyRefused() implements ComputeAnswer {}

  /** The job's engine needs a token, which only a look-up for this job gives. */
  record TokenNeeded() implements ComputeAnswer {}

  /** A transient failure: a retry may succeed. */
  record Unavailable(String code, String detail, @Nullable Integer retryAfterSeconds)
      implements ComputeAnswer {}
}
