package dev.behalf.database;

/** Thrown if the database cannot be set up as requested; the message says what to change. */
public final class DatabaseRefused extends RuntimeException {

  public DatabaseRefused(String sentence) {
    super(sentence, null, false, false);
  }
}
