package dev.behalf.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of UTF-8 that end with LF or CRLF, none of them endless. */
final class BoundedLines implements AutoCloseable {

  /** Maximum length of a line in bytes: more than the largest result. */
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  BoundedLines(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /** Returns the next line without its end, or null at the end of the stream. */
  @Nullable String next() throws IOException {
    line.reset();
    int next;
    while ((next = in.read()) >= 0 && next != '\n') {
      if (line.size() == MAX_BYTES) {
        throw new IOException("a line is longer than " + MAX_BYTES + " bytes");
      }
      line.write(next);
    }
    if (next < 0 && line.size() == 0) {
      return null;
    }
    var text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
