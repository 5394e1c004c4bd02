package dev.behalf.operation;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.PathType;
import dev.behalf.contract.InputKind;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StorableText;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON Schema (2020-12) for the input or the result of an operation, within {@link SchemaRules}.
 * Its formats are assertions.
 */
public final class InputSchema {

  /** The keyword with the translations of title and description, by language tag. */
  public static final String TRANSLATIONS = "x-i18n";

  /** Most violations to report for one input. */
  private static final int MAX_REPORTED = 20;

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          Dialect.builder(Dialects.getDraft202012())
              .keyword(new NonValidationKeyword(TRANSLATIONS))
              .build(),
          builder ->
              builder
                  // Otherwise each version of each schema would stay in memory.
                  .schemaCacheEnabled(false)
                  .schemaRegistryConfig(
                      SchemaRegistryConfig.builder()
                          .regularExpressionFactory(new LinearPatterns())
                          .pathType(PathType.JSON_POINTER)
                          .formatAssertionsEnabled(true)
                          .locale(Locale.ENGLISH)
                          .build()));

  private static final Schema META =
      REGISTRY.getSchema(
          com.networknt.schema.SchemaLocation.of(
              SpecificationVersion.DRAFT_2020_12.getDialectId()));

  private final ObjectNode json;
  private final Schema schema;

  private InputSchema(ObjectNode json) {
    this.json = json;
    this.schema = REGISTRY.getSchema(json);
    schema.initializeValidators();
  }

  /**
   * Compiles a schema.
   *
   * @throws SchemaRules.Broken if it is no schema, or can be made slow
   */
  static InputSchema of(ObjectNode json) {
    SchemaRules.check(json);
    META.validate(json).stream()
        .findFirst()
        .ifPresent(
            error -> {
              throw broken(error);
            });
    return new InputSchema(json);
  }

  private static SchemaRules.Broken broken(Error error) {
    return SchemaRules.broken(
        error.getInstanceLocation().toString(),
        "This is no JSON Schema (2020-12): " + error.getMessage() + ".");
  }

  /** Returns the schema itself. */
  public ObjectNode json() {
    return json;
  }

  /** Returns the rules that a value breaks, at most 20. */
  public List<Violation> check(JsonNode value) {
    return schema.validate(value).stream().limit(MAX_REPORTED).map(InputSchema::violation).toList();
  }

  private static Violation violation(Error error) {
    var at = error.getInstanceLocation().toString();
    var keyword = error.getKeyword();
    // These two are about a property within the value at which they are reported.
    if (error.getProperty() != null
        && (keyword.equals("required") || keyword.equals("additionalProperties"))) {
      var name = Pointers.escaped(error.getProperty());
      return new Violation(ProblemCode.PAYLOAD_INVALID, at + "/" + name, keyword, "");
    }
    if (isEmptyText(keyword, error.getInstanceNode())) {
      return new Violation(ProblemCode.TEXT_EMPTY, at, "content", "");
    }
    return new Violation(ProblemCode.PAYLOAD_INVALID, at, keyword, bound(error.getSchemaNode()));
  }

  /** Returns whether a text breaks a rule because it shows nothing, such as only spaces. */
  private static boolean isEmptyText(String keyword, JsonNode value) {
    return (keyword.equals("pattern") || keyword.equals("minLength"))
        && value.isString()
        && !StorableText.hasContent(value.stringValue());
  }

  /** Returns the value of a keyword as a person reads it. */
  private static String bound(JsonNode value) {
    if (value == null || value.isObject()) {
      return "";
    }
    return value.isArray()
        ? value.values().stream().map(InputKind::text).collect(Collectors.joining(", "))
        : InputKind.text(value);
  }
}
