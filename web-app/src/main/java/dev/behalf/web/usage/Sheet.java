package dev.behalf.web.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table for other programs: as CSV (RFC 4180), or aligned for a terminal. */
record Sheet(List<String> head, List<List<Object>> rows) {

  /** A text that a spreadsheet would take for a formula gets an apostrophe before it. */
  String csv() {
    return all().stream()
        .map(row -> row.stream().map(Sheet::cell).collect(Collectors.joining(",", "", "\r\n")))
        .collect(Collectors.joining());
  }

  String plain() {
    var widths =
        IntStream.range(0, head.size())
            .map(
                at ->
                    all().stream().mapToInt(row -> text(row.get(at)).length()).max().orElseThrow())
            .toArray();
    return all().stream()
        .map(
            row ->
                IntStream.range(0, head.size())
                    .mapToObj(at -> padded(row.get(at), widths[at]))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private List<List<Object>> all() {
    var all = new ArrayList<List<Object>>();
    all.add(List.copyOf(head));
    all.addAll(rows);
    return all;
  }

  private static String cell(Object value) {
    var text = value.toString();
    if (!(value instanceof Number)
        && !text.isEmpty()
        && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0) {
      text = "'" + text;
    }
    return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  private static String padded(Object value, int width) {
    var text = text(value);
    var space = " ".repeat(width - text.length());
    return value instanceof Number ? space + text : text + space;
  }

  /** Nothing that moves a terminal's cursor. */
  private static String text(Object value) {
    return value.toString().replaceAll("\\p{Cntrl}", " ");
  }
}
