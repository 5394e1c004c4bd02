package dev.behalf.operation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The price of an operation, in units, which is known before it runs. */
public sealed interface Units {

  /** The name of one unit, such as {@code second} or {@code token}. */
  String name();

  /** Returns whether the price is the same for each input. */
  default boolean isFixed() {
    return this instanceof Fixed;
  }

  /**
   * Returns the units of a valid input.
   *
   * @param tokens counts the tokens of a text, as the engine's model does or as an estimate
   */
  long of(JsonNode input, ToLongFunction<String> tokens);

  /** The same price for every input. */
  record Fixed(String name, long units) implements Units {
    @Override
    public long of(JsonNode input, ToLongFunction<String> tokens) {
      return units;
    }
  }

  /** What a price counts in a text. */
  enum Measure {
    CHARACTERS,
    BYTES,
    TOKENS;

    private long of(String text, ToLongFunction<String> tokens) {
      return switch (this) {
        case CHARACTERS -> text.codePointCount(0, text.length());
        case BYTES -> text.getBytes(StandardCharsets.UTF_8).length;
        case TOKENS -> tokens.applyAsLong(text);
      };
    }
  }

  /**
   * A price by the amount of text.
   *
   * @param of the properties whose texts count; empty for all texts of the input
   * @param every how much makes one unit; a part counts as a whole unit
   */
  record Per(String name, Measure per, List<String> of, long every) implements Units {
    @Override
    public long of(JsonNode input, ToLongFunction<String> tokens) {
      var counted = of.isEmpty() ? Stream.of(input) : of.stream().map(input::path);
      return Math.ceilDiv(
          counted.flatMap(Texts::of).mapToLong(text -> per.of(text, tokens)).sum(), every);
    }
  }
}
