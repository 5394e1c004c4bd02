package dev.behalf.web.site.export;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes lines of comma-separated values (RFC 4180). */
public final class Csv {

  /** A formula begins with a minus as well, but this is only a number. */
  private static final Pattern NEGATIVE = Pattern.compile("-[0-9]+(\\.[0-9]+)?");

  private Csv() {}

  /** Returns one line with its line break; a cell without a value is empty. */
  public static String line(List<? extends @Nullable Object> cells) {
    return cells.stream().map(Csv::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  /**
   * Returns a cell as text. A leading apostrophe keeps spreadsheets from running what begins like a
   * formula.
   */
  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    var text = value.toString();
    if (!(value instanceof Number)
        && !text.isEmpty()
        && !NEGATIVE.matcher(text).matches()
        && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0) {
      text = "'" + text;
    }
    return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
