package dev.behalf.web.work.batches;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StorableText;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.csv.CsvMapper;

/** Reads the jobs that a file asks for, one record at a time: the file is never all in memory. */
abstract class Lines {

  private final Records records;

  private Lines(Records records) {
    this.records = records;
  }

  /** The job that a line asks for, or its fault. {@code number} is the line number in an editor. */
  sealed interface Line {
    int number();
  }

  record Valid(int number, JobPayload payload) implements Line {}

  record Invalid(int number, String fault) implements Line {}

  /**
   * Returns the lines of a file.
   *
   * @throws Unreadable if the heading is invalid
   */
  static Lines of(Batch.Format format, Reader file) throws IOException {
    return switch (format) {
      case CSV -> new CsvLines(new Records(file, true));
      case JSONL -> new JsonLines(new Records(file, false));
    };
  }

  /** Reports that a file as a whole is unusable, in a sentence for its sender. */
  static final class Unreadable extends IOException {
    Unreadable(String sentence) {
      super(sentence);
    }
  }

  /** Returns the next line that has content, or empty at the end of the file. */
  Optional<Line> next() throws IOException {
    for (var record = records.next(); record != null; record = records.next()) {
      var line = line(record.line(), record.content());
      if (line != null) {
        return Optional.of(line);
      }
    }
    return Optional.empty();
  }

  private @Nullable Line line(int number, Records.Content content) {
    return switch (content) {
      case Records.Text text -> text.text().isBlank() ? null : read(number, text.text());
      case Records.TooLong tooLong ->
          new Invalid(number, "It is longer than 512 KiB: cut the text into several jobs.");
      case Records.Unclosed unclosed ->
          new Invalid(number, "A quote is opened here and not closed: nothing behind it was read.");
    };
  }

  /** Reads a record; returns null if the record has no content. */
  abstract @Nullable Line read(int number, String text);

  private static Line checked(int number, JobPayload payload) {
    return payload
        .violation()
        .<Line>map(fault -> new Invalid(number, fault.detail()))
        .orElseGet(() -> new Valid(number, payload));
  }

  /** JSON Lines: on each line a payload as the API accepts it. */
  private static final class JsonLines extends Lines {

    JsonLines(Records records) {
      super(records);
    }

    @Override
    Line read(int number, String text) {
      try {
        return checked(number, StrictJson.MAPPER.readValue(text, JobPayload.class));
      } catch (JacksonException malformed) {
        return new Invalid(
            number,
            "Write a JSON object with \"operation\" and \"text\", without unknown properties.");
      }
    }
  }

  /** CSV (RFC 4180) with a heading. Several labels share one cell, separated by |. */
  private static final class CsvLines extends Lines {
    private static final List<String> COLUMNS =
        List.of("operation", "text", "labels", "other", "limit");
    private static final ObjectReader CSV = new CsvMapper().readerFor(String[].class);

    private final List<String> heading;

    CsvLines(Records records) throws IOException {
      super(records);
      heading = heading(records);
      if (heading.size() == 1 && heading.getFirst().contains(";")) {
        throw new Unreadable("The cells are separated by semicolons: separate them by commas.");
      }
      var twice = new HashSet<String>();
      for (var column : heading) {
        if (!twice.add(column)) {
          throw new Unreadable("The first line names the column \"" + shown(column) + "\" twice.");
        }
      }
      if (!heading.contains("operation")
          || !heading.contains("text")
          || !COLUMNS.containsAll(heading)) {
        throw new Unreadable(
            "The first line must name the columns: operation, text and, if needed, labels, other,"
                + " limit.");
      }
    }

    private static List<String> heading(Records records) throws IOException {
      var first = records.next();
      while (first != null
          && first.content() instanceof Records.Text text
          && text.text().isBlank()) {
        first = records.next();
      }
      var cells =
          first != null && first.content() instanceof Records.Text text ? cells(text.text()) : null;
      return cells == null ? List.of() : cells.stream().map(String::strip).toList();
    }

    private static String shown(String column) {
      return column.length() <= 40 ? column : StorableText.shortened(column, 40) + "…";
    }

    @Override
    @Nullable Line read(int number, String text) {
      var cells = cells(text);
      if (cells == null) {
        return new Invalid(number, "Malformed CSV: a quote is in the wrong place.");
      }
      if (cells.stream().allMatch(String::isEmpty)) {
        return null;
      }
      if (cells.size() != heading.size()) {
        return new Invalid(
            number,
            "The line has %d cells, the heading %d.".formatted(cells.size(), heading.size()));
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < cells.size(); i++) {
        if (!cells.get(i).isEmpty()) {
          row.put(heading.get(i), cells.get(i));
        }
      }
      var limit = row.get("limit");
      if (limit != null && !limit.matches("\\d{1,4}")) {
        return new Invalid(number, "\"limit\" is not a number: use 1 to 20.");
      }
      var labels = row.get("labels");
      return checked(
          number,
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

    private static @Nullable List<String> cells(String record) {
      try {
        String[] cells = CSV.readValue(record);
        return cells == null ? List.of("") : List.of(cells);
      } catch (JacksonException broken) {
        return null;
      }
    }
  }
}
