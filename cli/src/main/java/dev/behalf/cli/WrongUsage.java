package dev.behalf.cli;

/** Thrown for arguments that cannot be used; the message says which ones can. */
final class WrongUsage extends RuntimeException {

  WrongUsage(String message) {
    super(message, null, false, false);
  }
}
