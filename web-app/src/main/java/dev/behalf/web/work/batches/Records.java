package dev.behalf.web.work.batches;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a file one at a time, with the line number at which each begins in an
 * editor. At most one record is in memory, and at most {@link #LONGEST} of it.
 */
final class Records {

  /** Most UTF-16 units in a record: more than a payload with the largest texts needs. */
  static final int LONGEST = 512 * 1024;

  private static final int NONE = -1;
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final BufferedReader file;
  private final boolean hasQuotes;
  private int line = 1;
  private boolean isBegun;

  /**
   * Starts at the beginning of a file; a byte order mark there is skipped.
   *
   * @param hasQuotes whether quotes work as in CSV (RFC 4180): a line break between quotes does not
   *     end a record
   */
  Records(Reader file, boolean hasQuotes) {
    this.file = new BufferedReader(file);
    this.hasQuotes = hasQuotes;
  }

  /** The content of one record, without its line end. */
  sealed interface Content {}

  record Text(String text) implements Content {}

  /** The record is longer than {@link #LONGEST}. */
  record TooLong() implements Content {}

  /** The record opens a quote and does not close it, so it extends to the end of the file. */
  record Unclosed() implements Content {}

  record Entry(int line, Content content) {}

  /** Returns the next record, or null at the end of the file. */
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

  /** Tracks open quotes. A quote opens only at the start of a cell; elsewhere it is plain text. */
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
