package dev.behalf.web.webhooks;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The result of an attempt: an HTTP status or a failure.
 *
 * @param text the beginning of the response body
 * @param retryAfter the pause that a busy endpoint asked for
 */
record AttemptResult(
    Instant at,
    Duration took,
    @Nullable Integer status,
    @Nullable String text,
    @Nullable AttemptFailure fault,
    @Nullable Duration retryAfter) {

  private static final int GONE = 410;

  boolean isSuccess() {
    return status != null && status >= 200 && status < 300;
  }

  boolean isGone() {
    return status != null && status == GONE;
  }

  /** Returns the outcome as a metric tag, one of a small fixed set. */
  String word() {
    if (isSuccess()) {
      return "delivered";
    }
    return fault == null ? "status" : fault.wire();
  }
}
