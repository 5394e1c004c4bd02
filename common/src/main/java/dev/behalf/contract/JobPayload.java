package dev.behalf.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The work that a job asks for: an object whose property {@code operation} names an operation, and
 * whose other properties are the input of that operation. The definition of the operation says
 * which properties there are.
 */
public record JobPayload(@JsonValue ObjectNode json) {

  /**
   * The maximum size of a payload as JSON in UTF-8, in bytes. With the rest of a message or a
   * request, it stays below what workers (1 MiB) and compute-server (512 KiB) accept.
   */
  public static final int MAX_BYTES = 448 * 1024;

  /** The property that names the operation. */
  public static final String OPERATION = "operation";

  /**
   * The properties that come first in a fingerprint. Payloads had only these, in this order, when
   * the oldest fingerprints were stored.
   */
  private static final List<String> FIRST =
      List.of(OPERATION, "text", "labels", "examples", "other", "limit");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public JobPayload {}

  /** Returns the payload for an operation's input; the name of the operation comes first. */
  public static JobPayload of(String operation, ObjectNode input) {
    var json = StrictJson.MAPPER.createObjectNode().put(OPERATION, operation);
    json.setAll(input);
    return new JobPayload(json);
  }

  /** Returns the payload for an operation whose input is one text. */
  public static JobPayload of(String operation, String text) {
    return of(operation, StrictJson.MAPPER.createObjectNode().put("text", text));
  }

  public static JobPayload parse(String json) {
    return StrictJson.MAPPER.readValue(json, JobPayload.class);
  }

  /** Returns the name of the operation, or an empty string if the payload names none. */
  public String operation() {
    return json.path(OPERATION).stringValue("");
  }

  /** Returns the input: everything but the name of the operation. */
  public ObjectNode input() {
    var input = json.deepCopy();
    input.remove(OPERATION);
    return input;
  }

  /**
   * Returns a hash that is equal for equal work: the same payload in the same environment, whenever
   * it is due and in whichever order its properties are. An idempotency key and a job id each stand
   * for one such work only.
   */
  public byte[] fingerprint(Environment environment) {
    return Sha256.of(
        environment.wire().getBytes(UTF_8), canonical(json).toString().getBytes(UTF_8));
  }

  /** Returns a value with the properties of all its objects in one order. */
  private static JsonNode canonical(JsonNode value) {
    if (value.isArray()) {
      var array = StrictJson.MAPPER.createArrayNode();
      value.forEach(item -> array.add(canonical(item)));
      return array;
    }
    if (!value.isObject()) {
      return value;
    }
    var object = StrictJson.MAPPER.createObjectNode();
    value.propertyNames().stream()
        .sorted(Comparator.comparingInt(JobPayload::rank).thenComparing(Comparator.naturalOrder()))
        .forEach(name -> object.set(name, canonical(value.path(name))));
    return object;
  }

  private static int rank(String name) {
    var rank = FIRST.indexOf(name);
    return rank < 0 ? FIRST.size() : rank;
  }

  /** Returns the first property of the input that is a text, in the sender's order. */
  public Optional<String> firstText() {
    return json.properties().stream()
        .filter(property -> !property.getKey().equals(OPERATION))
        .map(Map.Entry::getValue)
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue)
        .findFirst();
  }
}
