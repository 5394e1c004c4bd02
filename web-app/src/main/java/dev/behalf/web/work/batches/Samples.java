package dev.behalf.web.work.batches;

import dev.behalf.contract.InputKind;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.operations.Operation;
import dev.behalf.web.site.export.Csv;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An example file in each format, from the examples of two operations.
 *
 * @param jsonl a payload on each line
 */
record Samples(String csv, String jsonl) {

  private static final int LINES = 2;

  /** Returns samples of the operations that a user may run. */
  static Samples of(List<Operation> operations) {
    var shown =
        operations.stream()
            .filter(operation -> !operation.definition().examples().isEmpty())
            .limit(LINES)
            .toList();
    var columns = new LinkedHashSet<String>();
    shown.forEach(
        operation ->
            columns.addAll(operation.definition().examples().getFirst().input().propertyNames()));
    var heading = new ArrayList<String>(List.of(JobPayload.OPERATION));
    heading.addAll(columns);
    return new Samples(
        shown.stream()
            .map(operation -> Csv.line(cells(operation, columns)))
            .collect(Collectors.joining("", Csv.line(heading), ""))
            .replace("\r\n", "\n"),
        shown.stream()
            .map(operation -> StrictJson.text(example(operation)) + "\n")
            .collect(Collectors.joining()));
  }

  private static JobPayload example(Operation operation) {
    return JobPayload.of(operation.name(), operation.definition().examples().getFirst().input());
  }

  private static List<String> cells(Operation operation, LinkedHashSet<String> columns) {
    var schema = operation.definition().input().json();
    var input = operation.definition().examples().getFirst().input();
    var cells = new ArrayList<String>(List.of(operation.name()));
    for (var column : columns) {
      var property = InputKind.resolved(schema, schema.path("properties").path(column));
      cells.add(input.has(column) ? InputKind.of(property).write(input.path(column), "|") : "");
    }
    return cells;
  }
}
