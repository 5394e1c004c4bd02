package dev.behalf.web.work.batches;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Refuses a file that is not UTF-8 before any of its jobs is queued. Otherwise wrongly decoded
 * characters would be computed and charged.
 */
final class Utf8Check {

  private static final int BUFFER = 64 * 1024;

  private Utf8Check() {}

  /**
   * Reads the whole file.
   *
   * @throws Lines.Unreadable if the file is not UTF-8, with the line
   */
  static void check(InputStream file) throws IOException {
    var decoder = StandardCharsets.UTF_8.newDecoder();
    var bytes = ByteBuffer.allocate(BUFFER);
    var letters = CharBuffer.allocate(BUFFER);
    int line = 1;
    var isFirst = true;
    var isEnd = false;
    while (!isEnd) {
      var count = file.readNBytes(bytes.array(), bytes.position(), bytes.remaining());
      isEnd = count < bytes.remaining();
      bytes.position(bytes.position() + count).flip();
      if (isFirst) {
        refuseOtherKinds(bytes);
        isFirst = false;
      }
      var result = decoder.decode(bytes, letters.clear(), isEnd);
      line += newLines(bytes);
      if (result.isError()) {
        throw new Lines.Unreadable(Misread.LINE_NOT_UTF8, "%,d".formatted(line));
      }
      bytes.compact();
    }
  }

  /**
   * Reads the beginning of a file.
   *
   * @throws Lines.Unreadable if it is the beginning of a file that is not text, or of UTF-16
   */
  static void refuseOtherKinds(InputStream file) throws IOException {
    refuseOtherKinds(ByteBuffer.wrap(file.readNBytes(4)));
  }

  private static void refuseOtherKinds(ByteBuffer bytes) throws Lines.Unreadable {
    if (begins(bytes, 0xFE, 0xFF) || begins(bytes, 0xFF, 0xFE)) {
      throw new Lines.Unreadable(Misread.UTF_16);
    }
    if (begins(bytes, 'P', 'K', 3, 4)) {
      throw new Lines.Unreadable(Misread.WORKBOOK);
    }
  }

  private static boolean begins(ByteBuffer bytes, int... with) {
    for (int i = 0; i < with.length; i++) {
      if (i >= bytes.limit() || (bytes.get(i) & 0xFF) != with[i]) {
        return false;
      }
    }
    return true;
  }

  /** Counts the line feeds that were decoded; in UTF-8 no other character contains this byte. */
  private static int newLines(ByteBuffer bytes) {
    int found = 0;
    for (int i = 0; i < bytes.position(); i++) {
      found += bytes.get(i) == '\n' ? 1 : 0;
    }
    return found;
  }
}
