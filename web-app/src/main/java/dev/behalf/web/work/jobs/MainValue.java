package dev.behalf.web.work.jobs;

import dev.behalf.contract.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The main value of a result, for a page or for a column of a table. */
public final class MainValue {

  private MainValue() {}

  /**
   * Returns the first text or number of a result or, failing that, its first list in one line; null
   * if the result has none of them.
   *
   * @param json result as JSON; null for none
   */
  public static @Nullable String of(@Nullable String json) {
    if (json == null) {
      return null;
    }
    var result = StrictJson.MAPPER.readTree(json);
    return result
        .valueStream()
        .filter(value -> value.isString() || value.isNumber())
        .map(JsonNode::asString)
        .findFirst()
        .or(() -> result.valueStream().filter(JsonNode::isArray).map(MainValue::line).findFirst())
        .orElse(null);
  }

  /** Returns the texts of a list or, of a list without texts, its length. */
  private static String line(JsonNode list) {
    var texts =
        list.valueStream()
            .map(item -> item.isString() ? item : firstText(item))
            .filter(JsonNode::isString)
            .map(JsonNode::stringValue)
            .toList();
    return texts.isEmpty() ? list.size() + " ×" : String.join(", ", texts);
  }

  private static JsonNode firstText(JsonNode object) {
    return object.valueStream().filter(JsonNode::isString).findFirst().orElse(object);
  }
}
