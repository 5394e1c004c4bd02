package dev.behalf.cli;

/** What was typed cannot be done; the sentence says what can. */
final class WrongUsage extends RuntimeException {

  WrongUsage(String message) {
    super(message, null, false, false);
  }
}
