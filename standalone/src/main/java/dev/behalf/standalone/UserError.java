package dev.behalf.standalone;

/** Something the person at the terminal can mend: shown without a stack trace. */
public final class UserError extends RuntimeException {

  public UserError(String message) {
    super(message, null, false, false);
  }
}
