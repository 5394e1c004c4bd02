package dev.behalf.database;

/** The database cannot be set up as it was asked for; the sentence says what to change. */
public final class DatabaseRefused extends RuntimeException {

  public DatabaseRefused(String sentence) {
    super(sentence, null, false, false);
  }
}
