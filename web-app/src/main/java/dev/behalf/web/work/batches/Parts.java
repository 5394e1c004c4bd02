package dev.behalf.web.work.batches;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** A file in parts, of which one is in memory. */
final class Parts extends InputStream {

  private final IntFunction<Optional<byte[]>> parts;
  private final BooleanSupplier isThere;
  private byte[] part = new byte[0];
  private int number;
  private int next;

  /**
   * @param parts returns a part by its number from 0, which is not empty; empty behind the last one
   * @param isThere whether the file has not been deleted
   */
  Parts(IntFunction<Optional<byte[]>> parts, BooleanSupplier isThere) {
    this.parts = parts;
    this.isThere = isThere;
  }

  @Override
  public int read() throws IOException {
    return isEnd() ? -1 : part[next++] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int most) throws IOException {
    if (isEnd()) {
      return -1;
    }
    var count = Math.min(most, part.length - next);
    System.arraycopy(part, next, into, from, count);
    next += count;
    return count;
  }

  /** All parts are there: who asks need not wait. */
  @Override
  public int available() throws IOException {
    return isEnd() ? 0 : part.length - next;
  }

  private boolean isEnd() throws IOException {
    if (next == part.length) {
      part = parts.apply(number++).orElseGet(() -> new byte[0]);
      next = 0;
      if (part.length == 0 && !isThere.getAsBoolean()) {
        // Otherwise a file that is deleted meanwhile would look like a shorter one.
        throw new IOException("The file was deleted while it was read.");
      }
    }
    return part.length == 0;
  }
}
