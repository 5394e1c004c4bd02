package dev.behalf.web.webhooks;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came of an attempt: a status, or a fault.
 *
 * @param text the beginning of the answer
 * @param retryAfter as an endpoint that is busy has asked
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

  /** For figures: few words. */
  String word() {
    if (isSuccess()) {
      return "delivered";
    }
    return fault == null ? "status" : fault.wire();
  }
}
