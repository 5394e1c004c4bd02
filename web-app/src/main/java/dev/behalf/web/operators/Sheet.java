package dev.behalf.web.operators;

import dev.behalf.contract.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MimeTypeUtils;

/**
 * What a page shows, for programs: the same address answers JSON, CSV or an aligned table to
 * whoever asks for one of them.
 */
record Sheet(List<String> columns, List<List<?>> rows) {

  private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);
  private static final MediaType PLAIN = new MediaType("text", "plain", StandardCharsets.UTF_8);
  private static final List<MediaType> OFFERED =
      List.of(MediaType.TEXT_HTML, MediaType.APPLICATION_JSON, CSV, PLAIN);

  /** The name of the view for a browser, else the sheet as it is asked for. */
  Object orPage(@Nullable String accept, String view) {
    var wanted = wanted(accept);
    if (wanted.equals(MediaType.TEXT_HTML)) {
      return view;
    }
    var body =
        wanted.equals(MediaType.APPLICATION_JSON) ? json() : wanted.equals(CSV) ? csv() : plain();
    return ResponseEntity.ok()
        .contentType(wanted)
        .header("Vary", "Accept")
        .body(body.getBytes(StandardCharsets.UTF_8));
  }

  private static MediaType wanted(@Nullable String accept) {
    try {
      var asked = MediaType.parseMediaTypes(accept);
      MimeTypeUtils.sortBySpecificity(asked);
      return asked.stream()
          .sorted((one, other) -> Double.compare(other.getQualityValue(), one.getQualityValue()))
          .flatMap(type -> OFFERED.stream().filter(type::includes))
          .findFirst()
          .orElse(MediaType.TEXT_HTML);
    } catch (InvalidMediaTypeException unreadable) {
      return MediaType.TEXT_HTML;
    }
  }

  private String json() {
    var objects =
        rows.stream()
            .map(
                row -> {
                  var object = new LinkedHashMap<String, @Nullable Object>();
                  for (int i = 0; i < columns.size(); i++) {
                    object.put(columns.get(i), row.get(i));
                  }
                  return object;
                })
            .toList();
    return new String(StrictJson.write(Map.of("rows", objects)), StandardCharsets.UTF_8);
  }

  private String csv() {
    return lines(row -> row.stream().map(Sheet::quoted).collect(Collectors.joining(",")), "\r\n");
  }

  private String plain() {
    var widths =
        IntStream.range(0, columns.size())
            .map(
                column ->
                    Math.max(
                        columns.get(column).length(),
                        rows.stream()
                            .mapToInt(row -> text(row.get(column)).length())
                            .max()
                            .orElse(0)))
            .toArray();
    return lines(
        row ->
            IntStream.range(0, widths.length)
                .mapToObj(column -> padded(row.get(column), widths[column]))
                .collect(Collectors.joining("  "))
                .stripTrailing(),
        "\n");
  }

  private interface Line {
    String of(List<?> row);
  }

  private String lines(Line line, String end) {
    var text = new StringBuilder(line.of(columns)).append(end);
    rows.forEach(row -> text.append(line.of(row)).append(end));
    return text.toString();
  }

  /** A cell that a spreadsheet would take for a formula is none. */
  private static String quoted(@Nullable Object cell) {
    var text = text(cell);
    if (cell instanceof String && !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
      text = "'" + text;
    }
    return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String padded(@Nullable Object cell, int width) {
    var text = text(cell).replaceAll("\\p{Cntrl}", " ");
    var space = " ".repeat(Math.max(0, width - text.length()));
    return cell instanceof Number ? space + text : text + space;
  }

  private static String text(@Nullable Object cell) {
    return Objects.toString(cell, "");
  }

  /** A row, which may have gaps. */
  static List<@Nullable Object> row(@Nullable Object... cells) {
    return Arrays.asList(cells);
  }
}
