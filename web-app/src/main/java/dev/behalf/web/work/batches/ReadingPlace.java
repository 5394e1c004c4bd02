package dev.behalf.web.work.batches;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * How far a file is read, and how far it is stored. When a file comes again, the lines that are
 * stored are read only for their digest: if it differs, the file is another one.
 */
final class ReadingPlace {

  private int stored;
  private byte @Nullable [] digestOfStored;
  private int line;
  private byte[] digest = new byte[0];

  /**
   * @param stored number of the last line that an earlier request stored; 0 for none
   * @param digestOfStored digest of the lines up to there; null for none
   */
  ReadingPlace(int stored, byte @Nullable [] digestOfStored) {
    this.stored = stored;
    this.digestOfStored = digestOfStored;
  }

  /**
   * Goes on to a line, and returns whether it is new.
   *
   * @param digestThere digest of the lines up to this one
   * @throws Problem if it is the first new one, and those before it are not the stored ones
   */
  boolean isNew(Lines.Line next, byte[] digestThere) {
    var isNew = next.number() > stored;
    if (isNew) {
      checkStored();
    }
    line = next.number();
    digest = digestThere;
    return isNew;
  }

  /**
   * Compares what was read with what is stored: before the first new line, and at the end of a file
   * that has none.
   *
   * @throws Problem if it differs
   */
  void checkStored() {
    if (digestOfStored != null && !MessageDigest.isEqual(digest, digestOfStored)) {
      throw otherFile();
    }
    digestOfStored = null;
  }

  static Problem otherFile() {
    return new Problem(
        ProblemCode.IDEMPOTENCY_KEY_REUSED,
        "The Idempotency-Key belongs to another file: use a new one. Nothing more was queued.");
  }

  /** Returns the number of the last line read. */
  int line() {
    return line;
  }

  /** Returns the digest of the lines read. */
  byte[] digest() {
    return digest;
  }

  /** Returns the number of the last line stored. */
  int stored() {
    return stored;
  }

  /** Notes that all lines read are stored. */
  void store() {
    stored = Math.max(stored, line);
  }
}
