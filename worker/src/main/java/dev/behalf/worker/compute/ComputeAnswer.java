package dev.behalf.worker.compute;

import org.jspecify.annotations.Nullable;

/** What compute-server's answer means for the job. */
public sealed interface ComputeAnswer {

  record Done(long units, boolean replayed) implements ComputeAnswer {}

  /** Asking again would not help. */
  record Refused(String code, String detail) implements ComputeAnswer {}

  record KeyRefused() implements ComputeAnswer {}

  /** May be better later. */
  record Unavailable(String code, String detail, @Nullable Integer retryAfterSeconds)
      implements ComputeAnswer {}
}
