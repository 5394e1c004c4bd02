package dev.behalf.web.batches;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;

/** The lines of a file, one after the other: never all of them in memory. */
abstract class Lines {

  /** More than a payload of the largest texts takes. */
  private static final int LONGEST = 512 * 1024;

  /** What a line asks for, or what is wrong with it. */
  sealed interface Line {}

  record Wanted(JobPayload payload) implements Line {}

  record Broken(String fault) implements Line {}

  /** Nothing at the end. */
  abstract Optional<Line> next() throws IOException;

  /**
   * Of a file.
   *
   * @throws Unreadable where its heading is not understood
   */
  static Lines of(Batch.Format format, Reader file) throws IOException {
    var reader = new BufferedReader(file);
    return switch (format) {
      case CSV -> new CsvLines(reader);
      case JSONL -> new JsonLines(reader);
    };
  }

  /** The whole file is not what it should be. */
  static final class Unreadable extends IOException {
    Unreadable(String sentence) {
      super(sentence);
    }
  }

  private static Line checked(JobPayload payload) {
    return payload
        .fault()
        .<Line>map(fault -> new Broken(fault.detail()))
        .orElseGet(() -> new Wanted(payload));
  }

  /** A payload as the API takes it, on each line; empty lines are passed over. */
  private static final class JsonLines extends Lines {
    private final BufferedReader reader;

    JsonLines(BufferedReader reader) {
      this.reader = reader;
    }

    @Override
    Optional<Line> next() throws IOException {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank()) {
          return Optional.of(read(line));
        }
      }
      return Optional.empty();
    }

    private static Line read(String line) {
      if (line.length() > LONGEST) {
        return new Broken("The line is too long.");
      }
      try {
        return checked(StrictJson.MAPPER.readValue(line, JobPayload.class));
      } catch (JacksonException malformed) {
        return new Broken("This is no JSON object with \"operation\" and \"text\".");
      }
    }
  }

  /** RFC 4180, with a heading. Several labels stand in one cell, with | between. */
  private static final class CsvLines extends Lines {
    private static final Set<String> COLUMNS =
        Set.of("operation", "text", "labels", "other", "limit");
    private static final ObjectReader CSV =
        new CsvMapper()
            .readerFor(String[].class)
            .with(CsvReadFeature.WRAP_AS_ARRAY)
            .with(CsvReadFeature.SKIP_EMPTY_LINES);

    private final MappingIterator<String[]> rows;
    private final List<String> heading;

    CsvLines(BufferedReader reader) throws IOException {
      rows = CSV.readValues(reader);
      var first = record();
      heading = first == null ? List.of() : first.stream().map(CsvLines::column).toList();
      if (!heading.contains("operation")
          || !heading.contains("text")
          || !COLUMNS.containsAll(heading)) {
        throw new Unreadable(
            "The first line must name the columns: operation, text and, where they are needed, labels, other, limit.");
      }
    }

    /** Spreadsheets like to put a byte order mark in front. */
    private static String column(String cell) {
      return cell.replace("\uFEFF", "").strip();
    }

    @Override
    Optional<Line> next() throws IOException {
      for (var cells = record(); cells != null; cells = record()) {
        if (cells.size() > 1 || !cells.getFirst().isEmpty()) {
          return Optional.of(read(cells));
        }
      }
      return Optional.empty();
    }

    private Line read(List<String> cells) {
      if (cells.size() != heading.size()) {
        return new Broken(
            "It has %d cells, and the heading %d.".formatted(cells.size(), heading.size()));
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < cells.size(); i++) {
        if (!cells.get(i).isEmpty()) {
          row.put(heading.get(i), cells.get(i));
        }
      }
      var limit = row.get("limit");
      if (limit != null && !limit.matches("\\d{1,4}")) {
        return new Broken("\"limit\" is no number.");
      }
      var labels = row.get("labels");
      return checked(
          new JobPayload(
              row.get("operation"),
              row.get("text"),
              labels == null
                  ? null
                  : Arrays.stream(labels.split("\\|", -1)).map(String::strip).toList(),
              null,
              row.get("other"),
              limit == null ? null : Integer.valueOf(limit)));
    }

    private @Nullable List<String> record() throws IOException {
      try {
        return rows.hasNext() ? List.of(rows.next()) : null;
      } catch (JacksonException broken) {
        throw new Unreadable("It is no CSV from some line on; is a quote missing?");
      }
    }
  }
}
