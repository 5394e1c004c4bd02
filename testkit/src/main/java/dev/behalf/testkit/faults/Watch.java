package dev.behalf.testkit.faults;

import java.nio.charset.StandardCharsets;

/** Looks for a word in one direction of a connection, however it is cut into pieces. */
final class Watch {

  private final byte[] word;
  private int matched;

  /** A word whose first character does not come again in it. */
  Watch(String word) {
    this.word = word.getBytes(StandardCharsets.US_ASCII);
  }

  /** Says whether the word ends in this piece. */
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
