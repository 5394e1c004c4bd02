package dev.behalf.operation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The price of an operation, in units. */
public sealed interface Units {

  /** The name of one unit, such as {@code second} or {@code token}. */
  String name();

  /** Returns the kind of the price: fixed, metered, or what is counted in the text. */
  default String kind() {
    return switch (this) {
      case Fixed fixed -> "fixed";
      case Per per -> per.per().name().toLowerCase(Locale.ROOT);
      case Metered metered -> "metered";
    };
  }

  /** Returns the units of a fixed price, and how much text makes one unit of a price by text. */
  default long number() {
    return switch (this) {
      case Fixed fixed -> fixed.units();
      case Per per -> per.every();
      case Metered metered -> 0;
    };
  }

  /** Returns whether the engine reports the price afterwards. */
  default boolean isMetered() {
    return this instanceof Metered;
  }

  /**
   * Returns the units of a valid input; where the engine reports them, the most that it can report.
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

  /**
   * A price that the engine reports afterwards.
   *
   * @param max the most that it can be
   */
  record Metered(String name, Amount max) implements Units {
    @Override
    public long of(JsonNode input, ToLongFunction<String> tokens) {
      return Math.max(1, max.of(input, tokens));
    }
  }

  /** A number of units that depends on the input; it saturates instead of overflowing. */
  sealed interface Amount {

    /** The most units of any job: with so many, no sum of a month overflows. */
    long MOST = 1_000_000_000_000L;

    long of(JsonNode input, ToLongFunction<String> tokens);

    record Constant(long units) implements Amount {
      @Override
      public long of(JsonNode input, ToLongFunction<String> tokens) {
        return units;
      }
    }

    /** The size of the texts of a property. */
    record Size(Measure per, String property) implements Amount {
      @Override
      public long of(JsonNode input, ToLongFunction<String> tokens) {
        return Texts.of(input.path(property)).mapToLong(text -> per.of(text, tokens)).sum();
      }
    }

    /**
     * The value of a property.
     *
     * @param absent what counts where the input does not have it
     */
    record Field(String property, long absent) implements Amount {
      @Override
      public long of(JsonNode input, ToLongFunction<String> tokens) {
        var value = input.path(property);
        var number = value.isNumber() ? Math.ceil(value.asDouble()) : absent;
        return (long) Math.clamp(number, 0, MOST);
      }
    }

    record Plus(List<Amount> parts) implements Amount {
      @Override
      public long of(JsonNode input, ToLongFunction<String> tokens) {
        return parts.stream()
            .mapToLong(part -> part.of(input, tokens))
            .reduce(0, (sum, part) -> Math.min(MOST, sum + part));
      }
    }

    record Times(List<Amount> parts) implements Amount {
      @Override
      public long of(JsonNode input, ToLongFunction<String> tokens) {
        return parts.stream()
            .mapToLong(part -> part.of(input, tokens))
            .reduce(
                1,
                (product, part) -> part == 0 ? 0 : product > MOST / part ? MOST : product * part);
      }
    }
  }
}
