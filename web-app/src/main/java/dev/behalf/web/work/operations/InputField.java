package dev.behalf.web.work.operations;

import dev.behalf.contract.InputKind;
import dev.behalf.operation.InputSchema;
import dev.behalf.operation.Pointers;
import dev.behalf.operation.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A field of the form for an input, drawn from the schema of one property.
 *
 * @param pointer the property as a JSON pointer, which is also the name of the field
 * @param hint the description; empty for none
 * @param value what stands in the field, as typed
 * @param options the values to choose from
 * @param min least value of a number; null for none
 * @param max greatest value of a number; null for none
 * @param fields the fields of a group
 * @param fault the rule that the value breaks; null for none
 */
public record InputField(
    String pointer,
    InputKind kind,
    String label,
    String hint,
    boolean required,
    String value,
    List<String> options,
    @Nullable String min,
    @Nullable String max,
    List<InputField> fields,
    @Nullable Violation fault) {

  /** Returns the id of the field in the page. */
  public String id() {
    return "in" + pointer.replace('/', '-');
  }

  /** Returns whether a sentence stands below the field. */
  public boolean isExplained() {
    return !hint.isEmpty()
        || kind == InputKind.LIST
        || kind == InputKind.LISTS
        || kind == InputKind.JSON;
  }

  /** Returns the ids of the sentences below the field, or null without any. */
  public @Nullable String describedBy() {
    var ids = new ArrayList<String>();
    if (isExplained()) {
      ids.add(id() + "-hint");
    }
    if (fault != null) {
      ids.add(id() + "-fault");
    }
    return ids.isEmpty() ? null : String.join(" ", ids);
  }

  /** Returns the number of lines to show. */
  public int rows() {
    return kind == InputKind.LONG_TEXT ? 6 : 3;
  }

  /** Returns this field, or those of a group. */
  public List<InputField> leaves() {
    if (kind != InputKind.GROUP) {
      return List.of(this);
    }
    return fields.stream().flatMap(field -> field.leaves().stream()).toList();
  }

  /**
   * Draws the fields of an object.
   *
   * @param root the schema of the whole input
   * @param schema the schema of the object
   * @param pointer the object as a JSON pointer
   * @param values what was typed, by the name of the field
   */
  public static List<InputField> of(
      JsonNode root,
      JsonNode schema,
      String pointer,
      Map<String, String> values,
      List<Violation> violations,
      Locale locale) {
    var required = schema.path("required").valueStream().map(InputKind::text).toList();
    var fields = new ArrayList<InputField>();
    for (var property : schema.path("properties").properties()) {
      var name = property.getKey();
      var at = pointer + "/" + Pointers.escaped(name);
      var of = InputKind.resolved(root, property.getValue());
      var kind = InputKind.of(of);
      fields.add(
          new InputField(
              at,
              kind,
              localized(of, "title", locale, name),
              localized(of, "description", locale, ""),
              required.contains(name),
              values.getOrDefault(at, ""),
              of.path("enum").valueStream().map(InputKind::text).toList(),
              bound(of, "minimum"),
              bound(of, "maximum"),
              kind == InputKind.GROUP ? of(root, of, at, values, violations, locale) : List.of(),
              violations.stream().filter(broken -> isAbout(broken, at)).findFirst().orElse(null)));
    }
    return List.copyOf(fields);
  }

  private static boolean isAbout(Violation broken, String pointer) {
    return broken.pointer().equals(pointer) || broken.pointer().startsWith(pointer + "/");
  }

  /**
   * Returns the title or the description of a property in the reader's language.
   *
   * @param otherwise what to return if the schema has none
   */
  public static String localized(JsonNode schema, String keyword, Locale locale, String otherwise) {
    var translations = schema.path(InputSchema.TRANSLATIONS);
    var own = translations.path(locale.toLanguageTag()).path(keyword);
    var ofLanguage = own.isString() ? own : translations.path(locale.getLanguage()).path(keyword);
    return ofLanguage.isString()
        ? ofLanguage.stringValue()
        : schema.path(keyword).stringValue(otherwise);
  }

  private static @Nullable String bound(JsonNode schema, String keyword) {
    return schema.path(keyword).isNumber() ? schema.path(keyword).asString() : null;
  }

  /** Returns what was typed in the fields of an object as JSON. */
  public static ObjectNode read(
      JsonNode root, JsonNode schema, String pointer, Map<String, String> values) {
    var object = JsonNodeFactory.instance.objectNode();
    for (var property : schema.path("properties").properties()) {
      var name = property.getKey();
      var at = pointer + "/" + Pointers.escaped(name);
      var of = InputKind.resolved(root, property.getValue());
      var kind = InputKind.of(of);
      if (kind == InputKind.GROUP) {
        var group = read(root, of, at, values);
        if (!group.isEmpty()) {
          object.set(name, group);
        }
      } else if (kind == InputKind.BOOLEAN) {
        var isChecked = values.containsKey(at);
        if (isChecked || of.path("default").asBoolean(false)) {
          object.put(name, isChecked);
        }
      } else {
        var text = Objects.requireNonNullElse(values.get(at), "").replace("\r\n", "\n");
        kind.read(of, text, "\n").ifPresent(value -> object.set(name, value));
      }
    }
    return object;
  }

  /** Adds to {@code values} what the fields of an object show for an input. */
  public static void write(
      JsonNode root, JsonNode schema, String pointer, JsonNode input, Map<String, String> values) {
    for (var property : schema.path("properties").properties()) {
      var name = property.getKey();
      var at = pointer + "/" + Pointers.escaped(name);
      var of = InputKind.resolved(root, property.getValue());
      var kind = InputKind.of(of);
      var value = input.has(name) ? input.path(name) : of.path("default");
      if (kind == InputKind.GROUP) {
        write(root, of, at, value, values);
      } else if (kind == InputKind.BOOLEAN) {
        if (value.asBoolean(false)) {
          values.put(at, "true");
        }
      } else if (!value.isMissingNode()) {
        values.put(at, kind.write(value, "\n"));
      }
    }
  }
}
