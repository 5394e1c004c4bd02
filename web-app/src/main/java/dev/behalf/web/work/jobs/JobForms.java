package dev.behalf.web.work.jobs;

import dev.behalf.contract.InputKind;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Definition;
import dev.behalf.operation.Violation;
import dev.behalf.server.operations.Operation;
import dev.behalf.web.work.operations.InputField;
import dev.behalf.web.work.operations.Operations;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Draws the form for a new job, and reads it. */
@Component
public class JobForms {

  /** The field that names the operation; the names of the other fields are JSON pointers. */
  private static final String OPERATION = JobPayload.OPERATION;

  private static final String REQUEST_ID = "request_id";

  private final Operations operations;

  JobForms(Operations operations) {
    this.operations = operations;
  }

  /**
   * Draws a form that nobody has filled in; its fields show the first example of the operation.
   *
   * @param name the operation; null or an unknown one for the first that the user may run
   */
  public JobForm empty(UUID userId, @Nullable String name, Locale locale) {
    var offered = operations.of(userId);
    var chosen = chosen(offered, name);
    if (chosen == null) {
      return none(name);
    }
    var definition = chosen.definition();
    return filled(
        offered,
        chosen,
        definition.examples().isEmpty()
            ? StrictJson.MAPPER.createObjectNode()
            : definition.examples().getFirst().input(),
        locale);
  }

  /**
   * Draws a form with the input of a job, to run it again with changes. If the user may no longer
   * run the operation, the form is empty.
   */
  public JobForm of(UUID userId, JobPayload payload, Locale locale) {
    var offered = operations.of(userId);
    return offered.stream()
        .filter(operation -> operation.name().equals(payload.operation()))
        .findFirst()
        .map(operation -> filled(offered, operation, payload.input(), locale))
        .orElseGet(() -> empty(userId, null, locale));
  }

  private static JobForm filled(
      List<Operation> offered, Operation chosen, ObjectNode input, Locale locale) {
    var values = new HashMap<String, String>();
    var schema = chosen.definition().input().json();
    InputField.write(schema, schema, "", input, values);
    return form(offered, chosen, values, UUID.randomUUID().toString(), List.of(), locale);
  }

  /**
   * Reads a form that was sent.
   *
   * @param sent the fields by name
   */
  JobForm read(UUID userId, Map<String, String> sent, Locale locale) {
    var offered = operations.of(userId);
    var chosen =
        offered.stream()
            .filter(operation -> operation.name().equals(sent.get(OPERATION)))
            .findFirst()
            .orElse(null);
    if (chosen == null) {
      var unknown = new Violation(ProblemCode.OPERATION_UNKNOWN, "", "operation", "");
      var empty = empty(userId, null, locale);
      return new JobForm(
          empty.choices(),
          empty.operation(),
          empty.fields(),
          empty.payload(),
          empty.requestId(),
          List.of(unknown));
    }
    var violations = chosen.definition().check(input(chosen.definition(), sent));
    return form(offered, chosen, sent, sent.getOrDefault(REQUEST_ID, ""), violations, locale);
  }

  private static JobForm form(
      List<Operation> offered,
      Operation chosen,
      Map<String, String> values,
      String requestId,
      List<Violation> violations,
      Locale locale) {
    var schema = chosen.definition().input().json();
    return new JobForm(
        offered.stream().map(operation -> choice(operation, locale)).toList(),
        chosen.name(),
        InputField.of(schema, schema, "", values, violations, locale),
        JobPayload.of(chosen.name(), input(chosen.definition(), values)),
        requestId,
        violations);
  }

  private static JobForm.Choice choice(Operation operation, Locale locale) {
    var definition = operation.definition();
    var example =
        definition.examples().stream()
            .findFirst()
            .flatMap(one -> JobPayload.of(operation.name(), one.input()).firstText())
            .map(JobRow::excerpt)
            .orElse("");
    return new JobForm.Choice(operation.name(), definition.title().in(locale), example);
  }

  private static ObjectNode input(Definition definition, Map<String, String> values) {
    var schema = definition.input().json();
    return InputField.read(schema, schema, "", values);
  }

  private static JobForm none(@Nullable String name) {
    var operation = Objects.requireNonNullElse(name, "");
    return new JobForm(
        List.of(), operation, List.of(), JobPayload.of(operation, ""), "", List.of());
  }

  /** Returns whether a field asks for JSON: such a form is not offered first. */
  private static boolean asksForJson(Operation operation) {
    var schema = operation.definition().input().json();
    return InputField.of(schema, schema, "", Map.of(), List.of(), Locale.ENGLISH).stream()
        .anyMatch(field -> field.kind() == InputKind.JSON);
  }

  private static @Nullable Operation chosen(List<Operation> offered, @Nullable String name) {
    return offered.stream()
        .filter(operation -> operation.name().equals(name))
        .findFirst()
        .or(() -> offered.stream().min(Comparator.comparing(JobForms::asksForJson)))
        .orElse(null);
  }
}
