package dev.behalf.client;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;

/** JSON lines of objects, each written when it is read. */
final class JsonLines extends InputStream {

  private final Iterator<?> objects;
  private ByteBuffer line = ByteBuffer.allocate(0);

  JsonLines(Iterator<?> objects) {
    this.objects = objects;
  }

  @Override
  public int read() {
    return isAtEnd() ? -1 : line.get() & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int most) {
    if (most == 0) {
      return 0;
    }
    if (isAtEnd()) {
      return -1;
    }
    var length = Math.min(most, line.remaining());
    line.get(bytes, from, length);
    return length;
  }

  private boolean isAtEnd() {
    while (!line.hasRemaining()) {
      try {
        if (!objects.hasNext()) {
          return true;
        }
        var json = Json.MAPPER.writeValueAsBytes(objects.next());
        line = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
      } catch (RuntimeException fault) {
        throw new PayloadException(fault);
      }
    }
    return false;
  }
}
