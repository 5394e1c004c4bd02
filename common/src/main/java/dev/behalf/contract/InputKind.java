package dev.behalf.contract;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * How a person types a property of an operation's input: in a form, as an option of a command, or
 * in a cell of a table. It follows from the property's JSON Schema.
 */
public enum InputKind {
  /** A text of one line. */
  TEXT,
  /** A text of many lines. */
  LONG_TEXT,
  INTEGER,
  NUMBER,
  BOOLEAN,
  /** One of a few values. */
  CHOICE,
  /** A list of texts, one on each line or separated by {@code |}. */
  LIST,
  /** Lists of texts by name, as lines such as {@code name: text}. */
  LISTS,
  /** An object with properties of its own. */
  GROUP,
  /** Anything else, as JSON. */
  JSON;

  /** Returns whether the field for it has several lines. */
  public boolean isTextArea() {
    return switch (this) {
      case LONG_TEXT, LIST, LISTS, JSON -> true;
      case TEXT, INTEGER, NUMBER, BOOLEAN, CHOICE, GROUP -> false;
    };
  }

  /** The longest text, in characters, that gets a field of one line. */
  private static final int ONE_LINE = 200;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /**
   * Returns the kind of a property.
   *
   * @param schema the property's schema, with {@link #resolved} references
   */
  public static InputKind of(JsonNode schema) {
    if (schema.path("enum").isArray()
        && schema.path("enum").valueStream().allMatch(JsonNode::isValueNode)) {
      return CHOICE;
    }
    return switch (schema.path("type").stringValue("")) {
      case "string" ->
          schema.path("maxLength").asInt(Integer.MAX_VALUE) <= ONE_LINE ? TEXT : LONG_TEXT;
      case "integer" -> INTEGER;
      case "number" -> NUMBER;
      case "boolean" -> BOOLEAN;
      case "array" -> isString(schema.path("items")) ? LIST : JSON;
      case "object" -> ofObject(schema);
      default -> JSON;
    };
  }

  private static InputKind ofObject(JsonNode schema) {
    if (!schema.path("properties").isEmpty()) {
      return GROUP;
    }
    var values = schema.path("additionalProperties");
    return values.path("type").stringValue("").equals("array") && isString(values.path("items"))
        ? LISTS
        : JSON;
  }

  private static boolean isString(JsonNode schema) {
    return schema.path("type").stringValue("").equals("string");
  }

  /**
   * Returns a schema with its reference into the whole schema followed, if it is one.
   *
   * @param root the schema of the whole input
   */
  public static JsonNode resolved(JsonNode root, JsonNode schema) {
    var reference = schema.path("$ref").stringValue("");
    return reference.startsWith("#/") ? root.at(reference.substring(1)) : schema;
  }

  /**
   * Returns the value that a text stands for, or empty if nothing was typed. A text that is no such
   * value is returned as a string, so that the check against the schema says what is wrong.
   *
   * @param text as typed, with LF as line ends
   * @param separator what separates the items of a list
   */
  public Optional<JsonNode> read(JsonNode schema, String text, String separator) {
    if (this == TEXT || this == LONG_TEXT) {
      return text.isEmpty() ? Optional.empty() : Optional.of(NODES.stringNode(text));
    }
    var stripped = text.strip();
    if (stripped.isEmpty()) {
      return Optional.empty();
    }
    return switch (this) {
      case LIST -> list(schema, stripped, separator);
      case LISTS -> lists(stripped, separator);
      default -> Optional.of(orText(stripped, value(schema, stripped)));
    };
  }

  private @Nullable JsonNode value(JsonNode schema, String text) {
    try {
      return switch (this) {
        case INTEGER -> isAscii(text) ? NODES.numberNode(new BigInteger(text)) : null;
        case NUMBER -> NODES.numberNode(new BigDecimal(text).doubleValue());
        case BOOLEAN ->
            text.equals("true") || text.equals("false")
                ? NODES.booleanNode(Boolean.parseBoolean(text))
                : null;
        case CHOICE ->
            schema
                .path("enum")
                .valueStream()
                .filter(option -> text(option).equals(text))
                .findFirst()
                .orElse(null);
        default -> StrictJson.MAPPER.readTree(text);
      };
    } catch (NumberFormatException | JacksonException unreadable) {
      return null;
    }
  }

  /** Java reads the digits of all scripts, JSON does not. */
  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }

  private static JsonNode orText(String text, @Nullable JsonNode value) {
    return value == null ? NODES.stringNode(text) : value;
  }

  private static Optional<JsonNode> list(JsonNode schema, String text, String separator) {
    var items = items(text, separator);
    var list = NODES.arrayNode();
    (schema.path("uniqueItems").asBoolean(false) ? items.distinct() : items).forEach(list::add);
    return list.isEmpty() ? Optional.empty() : Optional.of(list);
  }

  private static Stream<String> items(String text, String separator) {
    return Arrays.stream(text.split(java.util.regex.Pattern.quote(separator), -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty());
  }

  private static Optional<JsonNode> lists(String text, String separator) {
    var lists = new LinkedHashMap<String, List<String>>();
    for (var line : items(text, separator).toList()) {
      var colon = line.indexOf(':');
      if (colon < 0) {
        return Optional.of(NODES.stringNode(text));
      }
      lists
          .computeIfAbsent(line.substring(0, colon).strip(), name -> new java.util.ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return Optional.of(StrictJson.MAPPER.valueToTree(lists));
  }

  /**
   * Returns a value as a person would type it; the opposite of {@link #read}.
   *
   * @param separator what separates the items of a list
   */
  public String write(JsonNode value, String separator) {
    if (this == LIST && value.isArray()) {
      return String.join(separator, value.valueStream().map(InputKind::text).toList());
    }
    if (this == LISTS && value.isObject()) {
      return String.join(
          separator,
          value.properties().stream()
              .flatMap(
                  list ->
                      list.getValue().valueStream().map(item -> list.getKey() + ": " + text(item)))
              .toList());
    }
    return text(value);
  }

  /** Returns a value as a person reads it: a text as it is, an object or a list as JSON. */
  public static String text(JsonNode value) {
    return value.isValueNode() ? value.asString("") : value.toString();
  }
}
