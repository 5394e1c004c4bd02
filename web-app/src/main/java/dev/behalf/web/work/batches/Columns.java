package dev.behalf.web.work.batches;

import dev.behalf.contract.JobPayload;
import dev.behalf.server.operations.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Which property of a job each column of a CSV file holds. */
sealed interface Columns {

  /** No property: the column is left out. */
  String NONE = "";

  /** The heading names the properties, and a column {@code operation} the operation. */
  record ByHeading() implements Columns {}

  /**
   * The columns as the sender has chosen them on the preview.
   *
   * @param operation the operation of all rows; empty if a column names it
   * @param properties the property of each column, {@code operation} or {@link #NONE}
   */
  record Chosen(String operation, List<String> properties) implements Columns {

    /** Returns whether two columns hold the same property. */
    boolean isAmbiguous() {
      var seen = new HashSet<String>();
      return properties.stream().anyMatch(name -> !name.equals(NONE) && !seen.add(name));
    }
  }

  /**
   * Returns the properties that columns can hold.
   *
   * @param operation the operation of all rows; empty if a column names it
   */
  static List<String> properties(String operation, List<Operation> offered) {
    var named = offered.stream().filter(one -> one.name().equals(operation));
    var all =
        operation.isEmpty()
            ? Stream.concat(
                Stream.of(JobPayload.OPERATION), offered.stream().flatMap(Columns::properties))
            : named.flatMap(Columns::properties);
    return all.distinct().toList();
  }

  /** Chooses the columns by their names, and the operation that fits them best. */
  static Chosen guess(List<String> heading, List<Operation> offered) {
    if (heading.stream().map(Columns::plain).anyMatch(JobPayload.OPERATION::equals)) {
      return guess(heading, "", offered);
    }
    return offered.stream()
        .max(Comparator.comparingInt(operation -> fit(heading, operation)))
        .map(best -> guess(heading, best.name(), offered))
        .orElseGet(() -> new Chosen("", heading.stream().map(name -> NONE).toList()));
  }

  /** Chooses the columns by their names; a property is held by the first column that fits. */
  static Chosen guess(List<String> heading, String operation, List<Operation> offered) {
    var byName = new HashMap<String, String>();
    properties(operation, offered).forEach(name -> byName.putIfAbsent(plain(name), name));
    var properties = new ArrayList<String>();
    for (var column : heading) {
      var found = byName.remove(plain(column));
      properties.add(found == null ? NONE : found);
    }
    return new Chosen(operation, List.copyOf(properties));
  }

  /** Returns how well columns fit an operation: what it requires counts most. */
  private static int fit(List<String> heading, Operation operation) {
    var columns = heading.stream().map(Columns::plain).toList();
    var required =
        operation
            .definition()
            .input()
            .json()
            .path("required")
            .valueStream()
            .map(name -> plain(name.asString("")))
            .toList();
    var found = properties(operation).filter(name -> columns.contains(plain(name))).count();
    return (columns.containsAll(required) ? 1_000 : 0) + (int) found;
  }

  private static Stream<String> properties(Operation operation) {
    return operation.definition().properties().keySet().stream();
  }

  /** Returns a name without case, spaces and punctuation. */
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_.-]+", "");
  }
}
