package dev.behalf.standalone;

/** Something the person at the terminal can mend: shown without a stack trace. */
final class UserError extends RuntimeException {

  UserError(String message) {
    super(message, null, false, false);
  }
}
