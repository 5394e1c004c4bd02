package dev.behalf.server.operations;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobResult;
import dev.behalf.contract.StrictJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemas of payloads and results for the API's description: one for each operation that
 * everybody may run.
 */
@Component
public class OperationSchemas {

  private static final Pattern WORD = Pattern.compile("(?:^|-)([a-z0-9])");

  private final OperationCatalogue catalogue;

  OperationSchemas(OperationCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * Returns the schemas by component name; those of {@link JobPayload} and {@link JobResult} list
   * the others.
   */
  public Map<String, Object> components() {
    var components = new LinkedHashMap<String, Object>();
    var payloads = new ArrayList<String>();
    var results = new ArrayList<String>();
    for (var operation : catalogue.all()) {
      var definition = operation.definition();
      if (definition.permission() == null) {
        var name = typeName(operation.name());
        components.put(name + "Payload", payload(operation, name + "Payload"));
        payloads.add(name + "Payload");
        var output = definition.output();
        components.put(
            name + "Result",
            output == null ? Map.of("type", "object") : relocated(output.json(), name + "Result"));
        results.add(name + "Result");
      }
    }
    // A payload names its operation, and so is one of them. Results of two may have the same form.
    components.put(JobPayload.class.getSimpleName(), choice("oneOf", payloads));
    components.put(JobResult.class.getSimpleName(), choice("anyOf", results));
    return components;
  }

  /** Returns the input's schema with the property that names the operation. */
  private static ObjectNode payload(Operation operation, String name) {
    var schema = relocated(operation.definition().input().json(), name);
    var properties = StrictJson.MAPPER.createObjectNode();
    properties
        .putObject(JobPayload.OPERATION)
        .put("type", "string")
        .putArray("enum")
        .add(operation.name());
    properties.setAll((ObjectNode) schema.path("properties"));
    schema.set("properties", properties);
    var required = StrictJson.MAPPER.createArrayNode().add(JobPayload.OPERATION);
    schema.path("required").forEach(required::add);
    schema.set("required", required);
    schema.put("description", operation.definition().description().english());
    var examples = schema.putArray("examples");
    operation.definition().examples().stream()
        .map(example -> JobPayload.of(operation.name(), example.input()).json())
        .forEach(examples::add);
    return schema;
  }

  /** Returns a copy whose references point to where the schema stands in the document. */
  private static ObjectNode relocated(ObjectNode schema, String name) {
    var copy = schema.deepCopy();
    relocate(copy, "#/components/schemas/" + name + "/");
    return copy;
  }

  private static void relocate(JsonNode schema, String place) {
    if (schema instanceof ObjectNode object && object.path("$ref").isString()) {
      object.put("$ref", place + object.path("$ref").stringValue().substring("#/".length()));
    }
    schema.forEach(part -> relocate(part, place));
  }

  private static Map<String, Object> choice(String keyword, List<String> names) {
    return names.isEmpty()
        ? Map.of("type", "object")
        : Map.of(
            keyword,
            names.stream()
                .map(name -> Map.of("$ref", "#/components/schemas/" + name))
                .collect(Collectors.toList()));
  }

  /**
   * Returns the name of a type for an operation: {@code speech-to-text} is SpeechToText. No two
   * operations share one, and none has that of all payloads.
   */
  private static String typeName(String operation) {
    var name =
        WORD.matcher(operation.replaceAll("-(?=[0-9-])", "_"))
            .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    return name.equals("Job") ? "JobOperation" : name;
  }
}
