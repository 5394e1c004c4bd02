package dev.behalf.web.work.batches;

import java.io.InputStream;
import java.util.Optional;
import java.util.function.IntFunction;

/** A file in parts, of which one is in memory. */
final class Parts extends InputStream {

  private final IntFunction<Optional<byte[]>> parts;
  private byte[] part = new byte[0];
  private int number;
  private int next;

  /**
   * @param parts returns a part by its number from 0, which is not empty; empty behind the last one
   */
  Parts(IntFunction<Optional<byte[]>> parts) {
    this.parts = parts;
  }

  @Override
  public int read() {
    return isEnd() ? -1 : part[next++] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int most) {
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
  public int available() {
    return isEnd() ? 0 : part.length - next;
  }

  private boolean isEnd() {
    if (next == part.length) {
      part = parts.apply(number++).orElseGet(() -> new byte[0]);
      next = 0;
    }
    return part.length == 0;
  }
}
