package dev.behalf.web.work.batches;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * The records of a file, one after the other, with the line in which each begins as an editor
 * counts it. Never more than one record is in memory, nor more of it than it may have.
 */
final class Records {

  /** In UTF-16 units: more than a payload of the largest texts takes. */
  static final int LONGEST = 512 * 1024;

  private static final int NONE = -1;
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final BufferedReader file;
  private final boolean hasQuotes;
  private int line = 1;
  private boolean isBegun;

  /**
   * Reads from the beginning of a file; a byte order mark there is no content.
   *
   * @param hasQuotes as in CSV (RFC 4180): between two of them a line break ends nothing
   */
  Records(Reader file, boolean hasQuotes) {
    this.file = new BufferedReader(file);
    this.hasQuotes = hasQuotes;
  }

  /** What stands in one record, without its end. */
  sealed interface Content {}

  record Text(String text) implements Content {}

  /** It is longer than {@link #LONGEST}. */
  record TooLong() implements Content {}

  /** A quote was opened in it and not closed: it reaches to the end of the file. */
  record Unclosed() implements Content {}

  record Entry(int line, Content content) {}

  /** Nothing at the end. */
  @Nullable Entry next() throws IOException {
    var first = read();
    if (!isBegun && first == BYTE_ORDER_MARK) {
      first = read();
    }
    isBegun = true;
    return first == NONE ? null : entry(first);
  }

  private Entry entry(int first) throws IOException {
    var begins = line;
    var text = new StringBuilder();
    var quotes = new Quotes();
    var isTooLong = false;
    for (int c = first; c != NONE; c = read()) {
      if (c == '\n') {
        line++;
      }
      if (c == '\n' && !(hasQuotes && quotes.isOpen())) {
        return new Entry(begins, isTooLong ? new TooLong() : new Text(withoutReturn(text)));
      }
      quotes.see(c);
      if (text.length() < LONGEST) {
        text.append((char) c);
      } else {
        isTooLong = true;
      }
    }
    if (hasQuotes && quotes.isOpen()) {
      return new Entry(begins, new Unclosed());
    }
    return new Entry(begins, isTooLong ? new TooLong() : new Text(text.toString()));
  }

  private int read() throws IOException {
    return file.read();
  }

  private static String withoutReturn(StringBuilder text) {
    int end = text.length();
    return end > 0 && text.charAt(end - 1) == '\r' ? text.substring(0, end - 1) : text.toString();
  }

  /** A quote opens only where a cell begins; in another place it is a letter like any other. */
  private static final class Quotes {
    private boolean open;
    private boolean maybeClosed;
    private boolean cellBegins = true;

    private boolean isOpen() {
      return open;
    }

    private void see(int c) {
      if (open) {
        if (c == '"') {
          open = false;
          maybeClosed = true;
        }
        return;
      }
      open = c == '"' && (cellBegins || maybeClosed);
      maybeClosed = false;
      cellBegins = c == ',';
    }
  }
}
