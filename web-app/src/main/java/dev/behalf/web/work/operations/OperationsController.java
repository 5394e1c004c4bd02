package dev.behalf.web.work.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** The API that lists the operations that the user may run. */
@RestController
@RequestMapping("/api/v1/operations")
class OperationsController {

  private final Operations operations;

  OperationsController(Operations operations) {
    this.operations = operations;
  }

  /** An input to start from. */
  record ExampleAnswer(Map<String, String> title, ObjectNode input) {}

  /**
   * An operation.
   *
   * @param title by language tag; English is always there
   * @param input JSON Schema (2020-12) of the input
   * @param output JSON Schema of the result, if the operation states one
   * @param units the price
   * @param maxInputBytes the largest input as JSON
   * @param maxTextBytes the largest text within the input, in UTF-8
   * @param retentionHours hours after its end at which a job is deleted, if the operation says so
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record OperationAnswer(
      String name,
      int version,
      Map<String, String> title,
      Map<String, String> description,
      Price units,
      ObjectNode input,
      @Nullable ObjectNode output,
      List<ExampleAnswer> examples,
      long maxInputBytes,
      long maxTextBytes,
      @Nullable Integer retentionHours) {

    static OperationAnswer of(Operation operation) {
      var definition = operation.definition();
      var output = definition.output();
      return new OperationAnswer(
          operation.name(),
          operation.version(),
          definition.title().texts(),
          definition.description().texts(),
          Price.of(definition.units()),
          definition.input().json(),
          output == null ? null : output.json(),
          definition.examples().stream()
              .map(example -> new ExampleAnswer(example.title().texts(), example.input()))
              .toList(),
          definition.limits().input(),
          definition.limits().text(),
          definition.retentionHours());
    }
  }

  record OperationsAnswer(List<OperationAnswer> operations) {}

  @GetMapping
  OperationsAnswer list(Caller caller) {
    return new OperationsAnswer(
        operations.of(caller.userId()).stream().map(OperationAnswer::of).toList());
  }

  @GetMapping("/{name}")
  OperationAnswer find(Caller caller, @PathVariable String name) {
    return operations
        .find(caller.userId(), name)
        .map(OperationAnswer::of)
        .orElseThrow(Problem::notFound);
  }
}
