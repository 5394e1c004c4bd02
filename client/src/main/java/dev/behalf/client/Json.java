package dev.behalf.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of the API: snake_case names, times as RFC 3339 in UTC. */
final class Json {

  /** Writes a caller's objects with their own names: they are inputs of operations. */
  static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Returns what a text says, or a missing node if it is no JSON. */
  static JsonNode readOrMissing(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException noJson) {
      return MissingNode.getInstance();
    }
  }

  static Instant time(JsonNode json, String name) {
    return Instant.parse(json.required(name).asString());
  }

  static @Nullable Instant timeOrNull(JsonNode json, String name) {
    return json.hasNonNull(name) ? time(json, name) : null;
  }

  static @Nullable Long numberOrNull(JsonNode json, String name) {
    return json.hasNonNull(name) ? json.required(name).asLong() : null;
  }

  static @Nullable String textOrNull(JsonNode json, String name) {
    return json.hasNonNull(name) ? json.required(name).asString() : null;
  }

  static List<String> texts(JsonNode json, String name) {
    return json.path(name).valueStream().map(JsonNode::asString).toList();
  }

  static Map<String, String> textsByName(JsonNode json, String name) {
    return json.path(name)
        .propertyStream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, one -> one.getValue().asString()));
  }

  static Map<String, Long> numbersByName(JsonNode json, String name) {
    return json.path(name)
        .propertyStream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, one -> one.getValue().asLong()));
  }
}
