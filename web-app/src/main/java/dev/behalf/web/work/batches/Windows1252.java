package dev.behalf.web.work.batches;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;

/** A file in Windows-1252, as UTF-8. */
final class Windows1252 extends InputStream {

  private static final int BUFFER = 16 * 1024;
  private static final int LONGEST = 3;

  /** UTF-8 of each byte; empty for the five bytes without a character. */
  private static final byte[][] CHARACTERS = characters();

  private final InputStream file;
  private final byte[] read = new byte[BUFFER];
  private final byte[] decoded = new byte[BUFFER * LONGEST];
  private int next;
  private int filled;
  private int line = 1;

  Windows1252(InputStream file) {
    this.file = file;
  }

  private static byte[][] characters() {
    var charset = Charset.forName("windows-1252");
    var characters = new byte[256][];
    for (int i = 0; i < characters.length; i++) {
      var text = new String(new byte[] {(byte) i}, charset);
      characters[i] = text.equals("\uFFFD") ? new byte[0] : text.getBytes(UTF_8);
    }
    return characters;
  }

  @Override
  public int read() throws IOException {
    return isEnd() ? -1 : decoded[next++] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int most) throws IOException {
    if (isEnd()) {
      return -1;
    }
    var count = Math.min(most, filled - next);
    System.arraycopy(decoded, next, into, from, count);
    next += count;
    return count;
  }

  @Override
  public int available() throws IOException {
    return filled - next + file.available();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private boolean isEnd() throws IOException {
    if (next < filled) {
      return false;
    }
    var count = file.read(read);
    next = 0;
    filled = 0;
    for (int i = 0; i < count; i++) {
      var character = CHARACTERS[read[i] & 0xFF];
      if (character.length == 0) {
        throw new Lines.Unreadable(Misread.LINE_NOT_WINDOWS_1252, "%,d".formatted(line));
      }
      System.arraycopy(character, 0, decoded, filled, character.length);
      filled += character.length;
      line += read[i] == '\n' ? 1 : 0;
    }
    return count <= 0;
  }
}
