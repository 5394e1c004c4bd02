package dev.behalf.web.ui;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lines of comma-separated values (RFC 4180). */
final class Csv {

  private Csv() {}

  static String line(@Nullable Object... cells) {
    return Stream.of(cells).map(Csv::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  /** A spreadsheet would run what begins like a formula: an apostrophe makes a text of it. */
  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    var text = value.toString();
    if (!(value instanceof Number) && !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
      text = "'" + text;
    }
    return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
