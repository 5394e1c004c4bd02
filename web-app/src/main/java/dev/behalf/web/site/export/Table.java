package dev.behalf.web.site.export;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/** The data of a page, for programs. Each row has a cell, or null, for each column. */
public record Table(List<String> columns, List<? extends List<? extends @Nullable Object>> rows) {

  /** Returns a row, whose cells may be null. */
  public static List<@Nullable Object> row(@Nullable Object... cells) {
    return Arrays.asList(cells);
  }

  /** Returns the view's name for a browser, else the table, as JSON {@code {"rows":[{…}]}}. */
  public Object orPage(Format format, String view) {
    return format == Format.HTML
        ? view
        : answer(format, Map.of("rows", objects()), view.substring(view.lastIndexOf('/') + 1));
  }

  /**
   * Returns the response to a program.
   *
   * @param json body of a JSON response, which may hold more than the rows
   * @param name the file's name, without its extension
   */
  public ResponseEntity<Object> answer(Format format, Object json, String name) {
    var answer =
        ResponseEntity.ok()
            .cacheControl(CacheControl.noStore())
            .varyBy(HttpHeaders.ACCEPT)
            .header(HttpHeaders.CONTENT_TYPE, format.contentType());
    return switch (format) {
      case HTML, JSON -> answer.body(json);
      case CSV ->
          answer
              .header(
                  HttpHeaders.CONTENT_DISPOSITION,
                  "attachment; filename=\"%s.csv\"".formatted(name.toLowerCase(Locale.ROOT)))
              .body(csv());
      case PLAIN -> answer.body(plain());
    };
  }

  private List<Map<String, @Nullable Object>> objects() {
    return rows.stream()
        .map(
            row -> {
              Map<String, @Nullable Object> object = new LinkedHashMap<>();
              for (int i = 0; i < columns.size(); i++) {
                object.put(columns.get(i), row.get(i));
              }
              return object;
            })
        .toList();
  }

  String csv() {
    return all().map(Csv::line).collect(Collectors.joining());
  }

  /** Returns the table, aligned for a terminal. */
  String plain() {
    var widths =
        IntStream.range(0, columns.size())
            .map(at -> all().mapToInt(row -> text(row.get(at)).length()).max().orElseThrow())
            .toArray();
    return all()
        .map(
            row ->
                IntStream.range(0, widths.length)
                    .mapToObj(at -> padded(row.get(at), widths[at]))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private Stream<List<? extends @Nullable Object>> all() {
    return Stream.concat(Stream.of(columns), rows.stream());
  }

  private static String padded(@Nullable Object value, int width) {
    var text = text(value);
    var space = " ".repeat(width - text.length());
    return value instanceof Number ? space + text : text + space;
  }

  /** Returns the value without control characters, which could move a terminal's cursor. */
  private static String text(@Nullable Object value) {
    return Objects.toString(value, "").replaceAll("\\p{Cntrl}", " ");
  }
}
