package dev.behalf.standalone;

/**
 * Thrown for an error that the person at the terminal can fix; it is shown without a stack trace.
 */
public final class UserError extends RuntimeException {

  public UserError(String message) {
    super(message, null, false, false);
  }
}
