package dev.behalf.client;

import org.jspecify.annotations.Nullable;

/** Carries what a caller's payloads throw while they are being sent through the HTTP client. */
final class PayloadException extends RuntimeException {

  private final RuntimeException fault;

  PayloadException(RuntimeException fault) {
    super(fault);
    this.fault = fault;
  }

  /** Returns what the payloads have thrown, if that is why a request failed. */
  static @Nullable RuntimeException in(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof PayloadException payload) {
        return payload.fault;
      }
    }
    return null;
  }
}
