package dev.behalf.web.work.batches;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.Sha256;
import dev.behalf.server.operations.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads the jobs that a file asks for, one record at a time: the file is never all in memory. */
abstract class Lines {

  /** Most lines with content in one file; a longer file must be split. */
  private static final int MOST = 100_000;

  private final Records records;
  private int read;
  private byte[] digest = new byte[0];
  private String text = "";
  private final Function<String, Optional<Operation>> operations;

  Lines(Records records, Function<String, Optional<Operation>> operations) {
    this.records = records;
    this.operations = operations;
  }

  /** The job that a line asks for, or its fault. {@code number} is the line number in an editor. */
  sealed interface Line {
    int number();
  }

  record Valid(int number, Operation operation, JobPayload payload) implements Line {}

  record Invalid(int number, Fault fault) implements Line {

    static Invalid of(int number, Misread why, Object... values) {
      return new Invalid(number, Fault.of(why, values));
    }
  }

  /**
   * Returns the lines of a file.
   *
   * @param columns the properties that the columns of CSV hold
   * @param operations finds the operations that the file's sender may run
   * @throws Unreadable if the heading is invalid
   */
  static Lines of(
      Batch.Format format,
      InputStream file,
      Columns columns,
      Function<String, Optional<Operation>> operations)
      throws IOException {
    return switch (format) {
      case CSV -> new CsvLines(new Records(file, true), columns, operations);
      case JSONL -> new JsonLines(new Records(file, false), operations);
    };
  }

  /** Returns a function that finds operations by their names. */
  static Function<String, Optional<Operation>> finder(List<Operation> offered) {
    var byName = offered.stream().collect(Collectors.toMap(Operation::name, Function.identity()));
    return name -> Optional.ofNullable(byName.get(name));
  }

  /** Reports that a file as a whole is unusable. */
  static final class Unreadable extends IOException {
    private final transient Fault fault;

    Unreadable(Misread why, Object... values) {
      this(Fault.of(why, values));
    }

    private Unreadable(Fault fault) {
      super(fault.sentence());
      this.fault = fault;
    }

    Fault fault() {
      return fault;
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
        text = record.content() instanceof Records.Text whole ? whole.text() : "";
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

  /** Returns the names of the columns; of JSON lines, none. */
  List<String> heading() {
    return List.of();
  }

  /** Returns what the last line returned says, as sent; empty if it cannot be read. */
  final String text() {
    return text;
  }

  /** Returns whether the next line is not here yet. */
  final boolean isWaiting() throws IOException {
    return records.isWaiting();
  }

  private static Line tooMany(int number) {
    return Invalid.of(number, Misread.MANY_LINES, "%,d".formatted(MOST));
  }

  private @Nullable Line line(int number, Records.Content content) {
    return switch (content) {
      case Records.Text text -> text.text().isBlank() ? null : read(number, text.text());
      case Records.NotUtf8 notUtf8 -> Invalid.of(number, Misread.NOT_UTF8);
      case Records.TooLong tooLong -> Invalid.of(number, Misread.LONG_LINE);
      case Records.TooMuch tooMuch -> Invalid.of(number, Misread.LONG_FILE);
      case Records.Unclosed unclosed -> Invalid.of(number, Misread.UNCLOSED);
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
    return Invalid.of(number, Misread.OPERATION);
  }

  static Line checked(int number, Operation operation, JobPayload payload) {
    return operation.definition().check(payload.input()).stream()
        .findFirst()
        .<Line>map(broken -> new Invalid(number, Fault.of(broken)))
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
        return Invalid.of(number, Misread.OBJECT);
      }
    }
  }
}
