package dev.behalf.web.work.jobs;

import dev.behalf.contract.InputKind;
import dev.behalf.contract.StorableText;
import dev.behalf.web.work.operations.InputField;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A property of a result with the drawing that fits its kind. The output schema of the operation
 * gives the title and the bounds of scores; without a schema, the value alone decides.
 *
 * @param title title of the property in the output schema, or its name
 * @param kind name of the drawing, for the template
 */
record ResultPart(String title, String kind, Value value) {

  private static final int MOST_SCORES = 50;
  private static final int MOST_LABELS = 100;
  private static final int MOST_ROWS = 50;
  private static final int MOST_COLUMNS = 8;
  private static final int FIRST_NUMBERS = 8;

  /** Longest text in a cell of a table, in UTF-16 units. */
  private static final int MOST_IN_CELL = 200;

  sealed interface Value {}

  record Text(String text) implements Value {}

  record Labels(List<String> labels, int more) implements Value {}

  /** Scores in the order of the result. */
  record Scores(List<Score> scores, int more) implements Value {}

  /**
   * @param share length of the bar, from 0 to 1000
   */
  record Score(String label, String value, long share) {}

  /**
   * A list of numbers.
   *
   * @param first the first numbers
   * @param all all numbers as JSON, to copy
   */
  record Vector(int size, String first, String all) implements Value {}

  record Rows(List<String> columns, List<List<String>> rows, int more) implements Value {}

  record Json(String json) implements Value {}

  /** Returns the properties of a result in their order; a result that is no object has one part. */
  static List<ResultPart> of(JsonNode result, @Nullable JsonNode output, Locale locale) {
    var schema = output == null ? JsonNodeFactory.instance.objectNode() : output;
    if (!result.isObject() || result.isEmpty()) {
      return List.of(part("", result, schema));
    }
    return result.properties().stream()
        .map(
            property -> {
              var of =
                  InputKind.resolved(schema, schema.path("properties").path(property.getKey()));
              return part(
                  InputField.localized(of, "title", locale, property.getKey()),
                  property.getValue(),
                  of);
            })
        .toList();
  }

  private static ResultPart part(String title, JsonNode value, JsonNode schema) {
    var drawn = value(value, schema);
    var kind =
        switch (drawn) {
          case Text text -> "text";
          case Labels labels -> "labels";
          case Scores scores -> "scores";
          case Vector vector -> "vector";
          case Rows rows -> "rows";
          case Json json -> "json";
        };
    return new ResultPart(title, kind, drawn);
  }

  private static Value value(JsonNode value, JsonNode schema) {
    if (value.isNumber() && schema.has("minimum") && schema.has("maximum")) {
      return new Scores(List.of(score("", value, schema)), 0);
    }
    if (!value.isContainer()) {
      return new Text(value.asString(""));
    }
    if (value.isObject() && !value.isEmpty() && all(value, JsonNode::isNumber)) {
      return scores(
          value.properties().stream()
              .map(entry -> new Labelled(entry.getKey(), entry.getValue()))
              .toList(),
          schema.path("additionalProperties"));
    }
    if (!value.isArray() || value.isEmpty()) {
      return new Json(value.toString());
    }
    if (all(value, JsonNode::isNumber)) {
      return new Vector(
          value.size(),
          value
              .valueStream()
              .limit(FIRST_NUMBERS)
              .map(JsonNode::asString)
              .collect(Collectors.joining(", ")),
          value.toString());
    }
    if (all(value, JsonNode::isString)) {
      return new Labels(
          value.valueStream().limit(MOST_LABELS).map(JsonNode::stringValue).toList(),
          Math.max(0, value.size() - MOST_LABELS));
    }
    return all(value, JsonNode::isObject) ? objects(value, schema) : new Json(value.toString());
  }

  private record Labelled(String label, JsonNode number) {}

  private static Value objects(JsonNode list, JsonNode schema) {
    var labelled = list.valueStream().map(ResultPart::labelled).toList();
    return labelled.stream().allMatch(Objects::nonNull)
        ? scores(
            labelled.stream().filter(Objects::nonNull).toList(),
            schema
                .path("items")
                .path("properties")
                .valueStream()
                .filter(property -> property.has("maximum"))
                .findFirst()
                .orElse(schema.path("items")))
        : rows(list);
  }

  /** Returns the text and the number of an object that holds just these. */
  private static @Nullable Labelled labelled(JsonNode object) {
    var texts = object.valueStream().filter(JsonNode::isString).toList();
    var numbers = object.valueStream().filter(JsonNode::isNumber).toList();
    return texts.size() == 1 && numbers.size() == 1 && object.size() == 2
        ? new Labelled(texts.getFirst().stringValue(), numbers.getFirst())
        : null;
  }

  /** Draws the bars from the least to the greatest possible number or, unknown, from 0. */
  private static Scores scores(List<Labelled> all, JsonNode bounds) {
    var greatest =
        bounds.path("maximum").isNumber()
            ? bounds.path("maximum").asDouble(0)
            : all.stream().mapToDouble(one -> one.number().asDouble(0)).max().orElse(1);
    return new Scores(
        all.stream()
            .limit(MOST_SCORES)
            .map(one -> score(one.label(), one.number(), greatest))
            .toList(),
        Math.max(0, all.size() - MOST_SCORES));
  }

  private static Score score(String label, JsonNode number, JsonNode bounds) {
    return score(label, number, bounds.path("maximum").asDouble(0));
  }

  /** A bar begins at 0; a negative number has none. */
  private static Score score(String label, JsonNode number, double greatest) {
    var share = greatest > 0 ? number.asDouble(0) / greatest : 0;
    return new Score(label, number.asString(), Math.round(Math.clamp(share, 0, 1) * 1000));
  }

  private static Value rows(JsonNode list) {
    var columns = new LinkedHashSet<String>();
    list.valueStream()
        .limit(MOST_ROWS)
        .forEach(row -> row.properties().forEach(property -> columns.add(property.getKey())));
    if (columns.isEmpty() || columns.size() > MOST_COLUMNS) {
      return new Json(list.toString());
    }
    var rows = new ArrayList<List<String>>();
    for (var row : list.valueStream().limit(MOST_ROWS).toList()) {
      rows.add(columns.stream().map(column -> cell(row.path(column))).toList());
    }
    return new Rows(List.copyOf(columns), List.copyOf(rows), Math.max(0, list.size() - MOST_ROWS));
  }

  private static String cell(JsonNode value) {
    var text = value.isContainer() ? value.toString() : value.asString("");
    return text.length() <= MOST_IN_CELL
        ? text
        : StorableText.shortened(text, MOST_IN_CELL - 1) + "…";
  }

  private static boolean all(JsonNode container, Predicate<JsonNode> test) {
    return container.valueStream().allMatch(test);
  }
}
