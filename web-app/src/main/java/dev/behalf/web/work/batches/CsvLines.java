package dev.behalf.web.work.batches;

import dev.behalf.contract.InputKind;
import dev.behalf.contract.JobPayload;
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

/**
 * CSV (RFC 4180) with a heading that names properties. The items of a list share one cell,
 * separated by |; an empty cell leaves its property out.
 */
final class CsvLines extends Lines {
  private static final ObjectReader CSV = new CsvMapper().readerFor(String[].class);

  private final List<String> heading;

  /** The property of each column; empty for a column that is left out. */
  private final List<String> properties;

  /** The operation of all rows; empty if a column names it. */
  private final String operation;

  private final boolean leavesOut;

  CsvLines(Records records, Columns columns, Function<String, Optional<Operation>> operations)
      throws IOException {
    super(records, operations);
    heading = usable(records);
    switch (columns) {
      case Columns.ByHeading byHeading -> {
        properties = heading;
        operation = "";
        leavesOut = false;
        begin(heading.toString());
      }
      case Columns.Chosen chosen -> {
        properties = chosen.properties();
        operation = chosen.operation();
        leavesOut = true;
        begin(heading.toString() + chosen);
      }
    }
    if (operation.isEmpty() && !properties.contains(JobPayload.OPERATION)) {
      throw new Unreadable(Misread.HEADING);
    }
  }

  /**
   * Returns the names of a file's columns.
   *
   * @throws Unreadable if they are not usable
   */
  static List<String> heading(InputStream file) throws IOException {
    return usable(new Records(file, true));
  }

  private static List<String> usable(Records records) throws IOException {
    var heading = first(records);
    if (heading.isEmpty()) {
      throw new Unreadable(Misread.HEADING);
    }
    if (heading.size() == 1 && heading.getFirst().contains(";")) {
      throw new Unreadable(Misread.SEMICOLONS);
    }
    var twice = new HashSet<String>();
    for (var column : heading) {
      if (!twice.add(column)) {
        throw new Unreadable(Misread.TWICE, shown(column));
      }
    }
    return heading;
  }

  @Override
  List<String> heading() {
    return heading;
  }

  private static List<String> first(Records records) throws IOException {
    var first = records.next();
    while (first != null && first.content() instanceof Records.Text text && text.text().isBlank()) {
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
      return Invalid.of(number, Misread.QUOTE);
    }
    if (cells.stream().allMatch(String::isEmpty)) {
      return null;
    }
    if (cells.size() != heading.size()) {
      return Invalid.of(number, Misread.CELLS, cells.size(), heading.size());
    }
    var name =
        operation.isEmpty()
            ? cells.get(properties.indexOf(JobPayload.OPERATION)).strip()
            : operation;
    return operation(name)
        .map(found -> row(number, found, cells))
        .orElseGet(() -> unknownOperation(number));
  }

  private Line row(int number, Operation operation, List<String> cells) {
    var schema = operation.definition().input().json();
    var known = schema.path("properties");
    var input = StrictJson.MAPPER.createObjectNode();
    for (int i = 0; i < cells.size(); i++) {
      var column = properties.get(i);
      if (isNoInput(column) || cells.get(i).isEmpty()) {
        continue;
      }
      var property = InputKind.resolved(schema, known.path(column));
      var kind = property.isMissingNode() ? InputKind.TEXT : InputKind.of(property);
      kind.read(property, cells.get(i), "|").ifPresent(value -> input.set(column, value));
    }
    return checked(number, operation, JobPayload.of(operation.name(), input));
  }

  /** Returns whether a column holds no property of the input: the operation, or nothing. */
  private boolean isNoInput(String property) {
    return (operation.isEmpty() && property.equals(JobPayload.OPERATION))
        || (leavesOut && property.equals(Columns.NONE));
  }

  /** Returns the cells of a record; null if a quote is in the wrong place. */
  static @Nullable List<String> cells(String record) {
    try {
      String[] cells = CSV.readValue(record);
      return cells == null ? List.of("") : List.of(cells);
    } catch (JacksonException broken) {
      return null;
    }
  }
}
