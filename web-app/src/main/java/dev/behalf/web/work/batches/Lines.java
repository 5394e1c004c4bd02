package dev.behalf.web.work.batches;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.contract.InputKind;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.Sha256;
import dev.behalf.contract.StorableText;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.operations.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.csv.CsvMapper;

/** Reads the jobs that a file asks for, one record at a time: the file is never all in memory. */
abstract class Lines {

  /** Most lines with content in one file; a longer file must be split. */
  private static final int MOST = 100_000;

  private final Records records;
  private int read;
  private byte[] digest = new byte[0];
  private final Function<String, Optional<Operation>> operations;

  private Lines(Records records, Function<String, Optional<Operation>> operations) {
    this.records = records;
    this.operations = operations;
  }

  /** The job that a line asks for, or its fault. {@code number} is the line number in an editor. */
  sealed interface Line {
    int number();
  }

  record Valid(int number, Operation operation, JobPayload payload) implements Line {}

  record Invalid(int number, String fault) implements Line {}

  /**
   * Returns the lines of a file.
   *
   * @param operations finds the operations that the file's sender may run
   * @throws Unreadable if the heading is invalid
   */
  static Lines of(
      Batch.Format format, InputStream file, Function<String, Optional<Operation>> operations)
      throws IOException {
    return switch (format) {
      case CSV -> new CsvLines(new Records(file, true), operations);
      case JSONL -> new JsonLines(new Records(file, false), operations);
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
    if (read > MOST) {
      return Optional.empty();
    }
    for (var record = records.next(); record != null; record = records.next()) {
      var line = line(record.line(), record.content());
      if (line != null) {
        digest = Sha256.of(digest, (record.line() + " " + record.content()).getBytes(UTF_8));
        return Optional.of(++read > MOST ? tooMany(line.number()) : line);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns a digest of what the file says up to the last line returned, the heading included; not
   * of what it means, which can change with an operation.
   */
  final byte[] digest() {
    return digest;
  }

  /** Returns whether the next line is not here yet. */
  final boolean isWaiting() throws IOException {
    return records.isWaiting();
  }

  private static Line tooMany(int number) {
    return new Invalid(
        number, "A file has %,d jobs at most: nothing from here on was read.".formatted(MOST));
  }

  private @Nullable Line line(int number, Records.Content content) {
    return switch (content) {
      case Records.Text text -> text.text().isBlank() ? null : read(number, text.text());
      case Records.NotUtf8 notUtf8 -> new Invalid(number, "It is not UTF-8: encode it so.");
      case Records.TooLong tooLong ->
          new Invalid(number, "It is longer than 512 KiB: cut the text into several jobs.");
      case Records.TooMuch tooMuch ->
          new Invalid(number, "A file has 100 MiB at most: nothing from here on was read.");
      case Records.Unclosed unclosed ->
          new Invalid(number, "A quote is opened here and not closed: nothing behind it was read.");
    };
  }

  /** Reads a record; returns null if the record has no content. */
  abstract @Nullable Line read(int number, String text);

  /** Begins the digest. */
  final void begin(String heading) {
    digest = Sha256.of(heading.getBytes(UTF_8));
  }

  /** Finds the operation of a line. */
  final Optional<Operation> operation(String name) {
    return operations.apply(name);
  }

  static Invalid unknownOperation(int number) {
    return new Invalid(number, "Unknown operation: set \"operation\" to one that you may run.");
  }

  private static Line checked(int number, Operation operation, JobPayload payload) {
    return operation.definition().check(payload.input()).stream()
        .findFirst()
        .<Line>map(broken -> new Invalid(number, broken.sentence()))
        .orElseGet(() -> new Valid(number, operation, payload));
  }

  /** JSON Lines: on each line a payload as the API accepts it. */
  private static final class JsonLines extends Lines {

    JsonLines(Records records, Function<String, Optional<Operation>> operations) {
      super(records, operations);
    }

    @Override
    Line read(int number, String text) {
      try {
        var payload = JobPayload.parse(text);
        return operation(payload.operation())
            .map(operation -> checked(number, operation, payload))
            .orElseGet(() -> unknownOperation(number));
      } catch (JacksonException malformed) {
        return new Invalid(
            number, "Write a JSON object with \"operation\" and its input, as the API takes it.");
      }
    }
  }

  /**
   * CSV (RFC 4180) with a heading that names properties. The items of a list share one cell,
   * separated by |; an empty cell leaves its property out.
   */
  private static final class CsvLines extends Lines {
    private static final ObjectReader CSV = new CsvMapper().readerFor(String[].class);

    private final List<String> heading;

    CsvLines(Records records, Function<String, Optional<Operation>> operations) throws IOException {
      super(records, operations);
      heading = heading(records);
      begin(heading.toString());
      if (heading.size() == 1 && heading.getFirst().contains(";")) {
        throw new Unreadable("The cells are separated by semicolons: separate them by commas.");
      }
      var twice = new HashSet<String>();
      for (var column : heading) {
        if (!twice.add(column)) {
          throw new Unreadable("The first line names the column \"" + shown(column) + "\" twice.");
        }
      }
      if (!heading.contains(JobPayload.OPERATION)) {
        throw new Unreadable(
            "The first line must name the columns: operation, and the properties of its input.");
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
      var name = cells.get(heading.indexOf(JobPayload.OPERATION)).strip();
      return operation(name)
          .map(operation -> row(number, operation, cells))
          .orElseGet(() -> unknownOperation(number));
    }

    private Line row(int number, Operation operation, List<String> cells) {
      var schema = operation.definition().input().json();
      var properties = schema.path("properties");
      var input = StrictJson.MAPPER.createObjectNode();
      for (int i = 0; i < cells.size(); i++) {
        var column = heading.get(i);
        if (column.equals(JobPayload.OPERATION) || cells.get(i).isEmpty()) {
          continue;
        }
        var property = InputKind.resolved(schema, properties.path(column));
        var kind = property.isMissingNode() ? InputKind.TEXT : InputKind.of(property);
        kind.read(property, cells.get(i), "|").ifPresent(value -> input.set(column, value));
      }
      return checked(number, operation, JobPayload.of(operation.name(), input));
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
