package dev.behalf.testkit.faults;

import java.nio.charset.StandardCharsets;

/** Searches one direction of a connection for a word, however the data is split. */
final class Watch {

  private final byte[] word;
  private int matched;

  /** Creates a watch for a word whose first character occurs only once in it. */
  Watch(String word) {
    this.word = word.getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns whether the word ends in this piece. */
  boolean sees(byte[] piece, int length) {
    var seen = false;
    for (int i = 0; i < length; i++) {
      matched = piece[i] == word[matched] ? matched + 1 : piece[i] == word[0] ? 1 : 0;
      if (matched == word.length) {
        seen = true;
        matched = 0;
      }
    }
    return seen;
  }
}
