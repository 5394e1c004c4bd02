package dev.behalf.client;

/** Thrown if a delivery does not come from Behalf, was altered, or is too old. */
public final class InvalidWebhookException extends RuntimeException {

  InvalidWebhookException(String message) {
    super(message);
  }
}
