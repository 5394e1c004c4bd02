package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import java.util.ArrayList;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Writes a payload as a literal of each language in which there is a snippet. */
final class Literals {

  private Literals() {}

  /** Returns a snippet with the payload in the place of its placeholder. */
  static String fill(String snippet, JobPayload payload) {
    var json = StrictJson.text(payload);
    return snippet
        .replace("{{shell}}", json.replace("'", "'\\''"))
        .replace("{{java}}", json.replace("\\", "\\\\").replace("\"", "\\\""))
        .replace("{{script}}", json)
        .replace("{{python}}", python(payload.json()))
        .replace("{{command}}", command(payload));
  }

  private static String python(JsonNode value) {
    if (value.isObject()) {
      return value.properties().stream()
          .map(property -> StrictJson.text(property.getKey()) + ": " + python(property.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value.isArray()) {
      return value.valueStream().map(Literals::python).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value.isBoolean()) {
      return value.booleanValue() ? "True" : "False";
    }
    return value.isNull() ? "None" : value.toString();
  }

  /** Returns the arguments of {@code behalf submit}. */
  private static String command(JobPayload payload) {
    var words = new ArrayList<String>();
    words.add(payload.operation());
    for (var property : payload.input().properties()) {
      var value = property.getValue();
      var isList = value.isArray() && value.valueStream().allMatch(JsonNode::isString);
      for (var one : isList ? value.valueStream().toList() : java.util.List.of(value)) {
        words.add("--" + property.getKey());
        words.add(quoted(one.isValueNode() ? one.asString() : one.toString()));
      }
    }
    return String.join(" ", words);
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
