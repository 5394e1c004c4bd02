package dev.behalf.operation;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bounds what a schema can cost. Only keywords whose cost is known are allowed, references stay
 * within the schema and form no cycle, and the size is counted with every reference expanded.
 */
final class SchemaRules {

  /** Most subschemas, counted once for each way that leads to them. */
  private static final int MAX_SUBSCHEMAS = 500;

  private static final int MAX_DEPTH = 16;
  private static final int MAX_PATTERN = 500;

  private static final Set<String> ANNOTATIONS =
      Set.of(
          "$comment",
          "$schema",
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "format",
          "contentMediaType",
          InputSchema.TRANSLATIONS);

  private static final Set<String> ASSERTIONS =
      Set.of(
          "type",
          "enum",
          "const",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minContains",
          "maxContains",
          "minProperties",
          "maxProperties",
          "required",
          "dependentRequired");

  /** Keywords whose value is a schema. */
  private static final Set<String> SCHEMAS =
      Set.of(
          "items",
          "contains",
          "additionalProperties",
          "propertyNames",
          "not",
          "if",
          "then",
          "else");

  /** Keywords whose value is a list of schemas. */
  private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");

  /** Keywords whose value maps names to schemas; {@code $defs} counts where it is referred to. */
  private static final Set<String> MAPS =
      Set.of("properties", "patternProperties", "dependentSchemas");

  private final JsonNode root;
  private final Deque<String> references = new ArrayDeque<>();
  private int subschemas;

  private SchemaRules(JsonNode root) {
    this.root = root;
  }

  /** Thrown if a schema breaks a rule, with the place in the schema. */
  static final class Broken extends RuntimeException {
    private final String pointer;

    private Broken(String pointer, String reason) {
      super(reason, null, false, false);
      this.pointer = pointer;
    }

    String pointer() {
      return pointer;
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  static Broken broken(String pointer, String reason) {
    return new Broken(pointer, reason);
  }

  /**
   * Checks a schema.
   *
   * @throws Broken with the first rule that it breaks
   */
  static void check(ObjectNode schema) {
    new SchemaRules(schema).check(schema, "", 0);
  }

  private void check(JsonNode schema, String pointer, int depth) {
    if (++subschemas > MAX_SUBSCHEMAS) {
      throw new Broken(
          pointer, "The schema has more than 500 parts, counted with all references expanded.");
    }
    if (depth > MAX_DEPTH) {
      throw new Broken(pointer, "The schema is nested more than 16 levels deep.");
    }
    if (schema.isBoolean()) {
      return;
    }
    if (!(schema instanceof ObjectNode object)) {
      throw new Broken(pointer, "Write a schema: a mapping of keywords, true or false.");
    }
    for (var keyword : object.properties()) {
      check(keyword, pointer + "/" + Pointers.escaped(keyword.getKey()), depth);
    }
  }

  private void check(Map.Entry<String, JsonNode> keyword, String pointer, int depth) {
    var name = keyword.getKey();
    var value = keyword.getValue();
    if (name.equals("$ref")) {
      checkReference(value, pointer, depth);
    } else if (name.equals("pattern")) {
      checkPattern(value.asString(""), pointer);
    } else if (SCHEMAS.contains(name)) {
      check(value, pointer, depth + 1);
    } else if (LISTS.contains(name)) {
      int i = 0;
      for (var one : value) {
        check(one, pointer + "/" + i++, depth + 1);
      }
    } else if (MAPS.contains(name)) {
      for (var one : value.properties()) {
        var at = pointer + "/" + Pointers.escaped(one.getKey());
        if (name.equals("patternProperties")) {
          checkPattern(one.getKey(), at);
        }
        check(one.getValue(), at, depth + 1);
      }
    } else if (!ASSERTIONS.contains(name) && !ANNOTATIONS.contains(name) && !isDefs(name)) {
      throw new Broken(pointer, "The keyword \"" + name + "\" is not supported: remove it.");
    }
  }

  /** Definitions are checked where they are used; unused ones cost nothing. */
  private static boolean isDefs(String keyword) {
    return keyword.equals("$defs");
  }

  private void checkReference(JsonNode value, String pointer, int depth) {
    var reference = value.asString("");
    if (!reference.startsWith("#/$defs/")) {
      throw new Broken(pointer, "A reference must point into this schema: write \"#/$defs/NAME\".");
    }
    if (references.contains(reference)) {
      throw new Broken(pointer, "The reference " + reference + " leads back to itself.");
    }
    var target = root.at(reference.substring(1));
    if (target.isMissingNode()) {
      throw new Broken(pointer, "Nothing is defined at " + reference + ".");
    }
    references.push(reference);
    check(target, reference.substring(1), depth + 1);
    references.pop();
  }

  private static void checkPattern(String pattern, String pointer) {
    if (pattern.length() > MAX_PATTERN) {
      throw new Broken(pointer, "Keep a pattern within 500 characters.");
    }
    try {
      // A counted repetition multiplies the program: RE2 itself allows 1,000 at most.
      Pattern.compile(pattern);
    } catch (PatternSyntaxException unusable) {
      throw new Broken(
          pointer,
          "The pattern cannot be used: "
              + unusable.getDescription()
              + ". Patterns have RE2 syntax, without lookaround and backreferences.");
    }
  }
}
