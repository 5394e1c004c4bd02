package dev.behalf.operation;

import dev.behalf.contract.Pool;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StorableText;
import dev.behalf.contract.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An operation as its file defines it.
 *
 * @param json the definition itself, as it is stored
 * @param output the schema of the result, if the definition has one
 * @param permission the permission that a user must have, or null if everybody may use it
 * @param retentionHours hours after its end at which a job may be deleted, or null if the operation
 *     does not say
 */
public record Definition(
    ObjectNode json,
    String name,
    Localized title,
    Localized description,
    InputSchema input,
    @Nullable InputSchema output,
    List<Example> examples,
    Units units,
    Run run,
    Limits limits,
    Engine engine,
    @Nullable String permission,
    @Nullable Integer retentionHours) {

  /** Most values in an input: they bound the cost of a check against the schema. */
  private static final int MAX_VALUES = 20_000;

  private static final int MAX_DEPTH = 32;

  /** The longest name of a property, in UTF-16 units. */
  private static final int MAX_NAME = 1_000;

  /** An input to start from. */
  public record Example(Localized title, ObjectNode input) {}

  /** Returns whether the work goes on after the call that asked for it. */
  public boolean isLong() {
    return run instanceof Run.LongRun;
  }

  /** Returns the pool in which jobs of this operation wait. */
  public Pool pool() {
    return switch (engine) {
      case Engine.Builtin builtin -> builtin.slot() ? Pool.COSTLY : Pool.QUICK;
      case Engine.Remote remote -> Pool.ofOperation(name);
    };
  }

  /**
   * Returns the rules that an input breaks, at most 20; an input without violations can be
   * computed. web-app and compute-server both call this method.
   */
  public List<Violation> check(ObjectNode input) {
    var unbounded = unbounded(input);
    return unbounded.map(List::of).orElseGet(() -> this.input.check(input));
  }

  /** Checks what no schema can bound, so that the schema meets only inputs of a known size. */
  private Optional<Violation> unbounded(ObjectNode input) {
    var found = new ArrayList<Violation>();
    var values = count(input, "", 0, found);
    if (!found.isEmpty()) {
      return Optional.of(found.getFirst());
    }
    if (values > MAX_VALUES) {
      return violation(ProblemCode.PAYLOAD_TOO_LARGE, "", "values", "20,000");
    }
    return StrictJson.write(input).length > limits.input()
        ? violation(ProblemCode.PAYLOAD_TOO_LARGE, "", "size", Sizes.text(limits.input()))
        : Optional.empty();
  }

  /** Counts the values, at most one more than allowed, and checks each text. */
  private int count(JsonNode value, String pointer, int depth, List<Violation> found) {
    if (depth > MAX_DEPTH) {
      found.add(new Violation(ProblemCode.PAYLOAD_INVALID, "", "depth", "32"));
      return 1;
    }
    if (value.isNumber() && !Double.isFinite(value.asDouble())) {
      found.add(new Violation(ProblemCode.PAYLOAD_INVALID, pointer, "number", ""));
      return 1;
    }
    if (value.isString()) {
      text(pointer, value.stringValue()).ifPresent(found::add);
      return 1;
    }
    int count = 1;
    int index = 0;
    for (var one : value.isArray() ? value.values() : List.<JsonNode>of()) {
      count += count(one, pointer + "/" + index++, depth + 1, found);
      if (count > MAX_VALUES || !found.isEmpty()) {
        return count;
      }
    }
    for (var one : value.properties()) {
      name(pointer, one.getKey()).ifPresent(found::add);
      count +=
          count(one.getValue(), pointer + "/" + Pointers.escaped(one.getKey()), depth + 1, found);
      if (count > MAX_VALUES || !found.isEmpty()) {
        return count;
      }
    }
    return count;
  }

  /** Checks a name, which is stored and shown as a text is. One that cannot be is not repeated. */
  private static Optional<Violation> name(String pointer, String name) {
    if (name.length() > MAX_NAME) {
      return violation(ProblemCode.PAYLOAD_TOO_LARGE, pointer, "names", "1,000");
    }
    return StorableText.isStorable(name)
        ? Optional.empty()
        : violation(ProblemCode.NOT_UTF8, pointer, "names", "1,000");
  }

  private Optional<Violation> text(String pointer, String text) {
    if (text.length() > limits.text()
        || text.getBytes(StandardCharsets.UTF_8).length > limits.text()) {
      return violation(ProblemCode.PAYLOAD_TOO_LARGE, pointer, "text", Sizes.text(limits.text()));
    }
    return StorableText.isStorable(text)
        ? Optional.empty()
        : violation(ProblemCode.NOT_UTF8, pointer, "storable", "");
  }

  private static Optional<Violation> violation(
      ProblemCode code, String pointer, String rule, String bound) {
    return Optional.of(new Violation(code, pointer, rule, bound));
  }

  /**
   * Returns the cost of a valid input, in units; of a metered one, the most.
   *
   * @param tokens counts the tokens of a text as the built-in model does, or estimates it
   */
  public long units(ObjectNode input, ToLongFunction<String> tokens) {
    if (!(engine instanceof Engine.Chat chat)) {
      return units.of(input, tokens);
    }
    if (!units.isMetered()) {
      return units.of(input, Tokens::atLeast);
    }
    return units.of(input, Tokens::most) + (chat.system() == null ? 0 : Tokens.most(chat.system()));
  }

  /** Returns the schemas of the properties, in the order of the file. */
  public Map<String, JsonNode> properties() {
    var properties = new LinkedHashMap<String, JsonNode>();
    input
        .json()
        .path("properties")
        .properties()
        .forEach(property -> properties.put(property.getKey(), property.getValue()));
    return properties;
  }
}
