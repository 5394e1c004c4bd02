package dev.behalf.web.work.batches;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a file one at a time, with the line number at which each begins in an
 * editor. At most one record is in memory, and at most {@link #LONGEST} of it. It looks for line
 * ends, quotes and commas in the bytes: in UTF-8, these are part of no other character.
 */
final class Records {

  /** Most bytes in a record: more than a payload with the largest texts needs. */
  static final int LONGEST = 512 * 1024;

  /** Most bytes in a file. */
  static final long MOST = 100L * 1024 * 1024;

  private static final int NONE = -1;
  private static final byte[] BYTE_ORDER_MARK = "\uFEFF".getBytes(UTF_8);

  /** Number of bytes of a byte order mark in UTF-8. */
  static final int MARK_BYTES = BYTE_ORDER_MARK.length;

  private final InputStream file;
  private final byte[] buffer = new byte[64 * 1024];
  private int next;
  private int filled;
  private final boolean hasQuotes;
  private int line = 1;
  private long bytes;
  private boolean isBegun;

  /**
   * Starts at the beginning of a file; a byte order mark there is skipped.
   *
   * @param file UTF-8; it is read as far as bytes have come, so that a slow sender's first lines
   *     are read before the last ones are sent
   * @param hasQuotes whether quotes work as in CSV (RFC 4180): a line break between quotes does not
   *     end a record
   */
  Records(InputStream file, boolean hasQuotes) {
    this.file = file;
    this.hasQuotes = hasQuotes;
  }

  /** The content of one record, without its line end. */
  sealed interface Content {}

  record Text(String text) implements Content {}

  /** The record is not UTF-8. */
  record NotUtf8() implements Content {}

  /** The record is longer than {@link #LONGEST}. */
  record TooLong() implements Content {}

  /** The file is longer than {@link #MOST}: its rest, from this record on, stays unread. */
  record TooMuch() implements Content {}

  /** The record opens a quote and does not close it, so it extends to the end of the file. */
  record Unclosed() implements Content {}

  record Entry(int line, Content content) {}

  /** Returns the next record, or null at the end of the file. */
  @Nullable Entry next() throws IOException {
    if (!isBegun) {
      isBegun = true;
      skipByteOrderMark();
    }
    var first = bytes > MOST ? NONE : read();
    return first == NONE ? null : entry(first);
  }

  /** Returns whether the first bytes of a file are a byte order mark in UTF-8. */
  static boolean isMark(byte[] first) {
    return Arrays.equals(first, BYTE_ORDER_MARK);
  }

  private void skipByteOrderMark() throws IOException {
    filled = file.readNBytes(buffer, 0, BYTE_ORDER_MARK.length);
    next = isMark(Arrays.copyOf(buffer, filled)) ? filled : 0;
  }

  private Entry entry(int first) throws IOException {
    var begins = line;
    var text = new ByteArrayOutputStream();
    var quotes = new Quotes();
    var isTooLong = false;
    for (int c = first; c != NONE; c = read()) {
      if (bytes > MOST) {
        return new Entry(begins, new TooMuch());
      }
      if (c == '\n') {
        line++;
      }
      if (c == '\n' && !(hasQuotes && quotes.isOpen())) {
        return new Entry(begins, isTooLong ? new TooLong() : withoutReturn(text.toByteArray()));
      }
      quotes.see(c);
      if (text.size() < LONGEST) {
        text.write(c);
      } else {
        isTooLong = true;
      }
    }
    if (hasQuotes && quotes.isOpen()) {
      return new Entry(begins, new Unclosed());
    }
    return new Entry(begins, isTooLong ? new TooLong() : decoded(text.toByteArray(), text.size()));
  }

  /** Returns whether the next byte is not here yet. */
  boolean isWaiting() throws IOException {
    return next == filled && file.available() == 0;
  }

  private int read() throws IOException {
    if (next == filled) {
      filled = Math.max(0, file.read(buffer));
      next = 0;
    }
    bytes++;
    return filled == 0 ? NONE : buffer[next++] & 0xFF;
  }

  private static Content withoutReturn(byte[] text) {
    int end = text.length;
    return decoded(text, end > 0 && text[end - 1] == '\r' ? end - 1 : end);
  }

  private static Content decoded(byte[] text, int length) {
    try {
      return new Text(UTF_8.newDecoder().decode(ByteBuffer.wrap(text, 0, length)).toString());
    } catch (CharacterCodingException notUtf8) {
      return new NotUtf8();
    }
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
