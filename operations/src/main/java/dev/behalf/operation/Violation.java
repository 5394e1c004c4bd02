package dev.behalf.operation;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StorableText;
import java.util.Set;

/**
 * A rule that an input breaks.
 *
 * @param code the problem that the API reports
 * @param pointer the value, as a JSON pointer into the input (RFC 6901), at most 200 UTF-16 units
 *     of it; empty for the whole input
 * @param rule the keyword of the schema, such as {@code maxLength}, or a rule of our own
 * @param bound what the rule demands, such as the greatest length; empty if the rule says it all
 */
public record Violation(ProblemCode code, String pointer, String rule, String bound) {

  /** Returns the top-level property of the value, or an empty string for the whole input. */
  public String property() {
    if (pointer.isEmpty()) {
      return "";
    }
    var end = pointer.indexOf('/', 1);
    return Pointers.unescaped(pointer.substring(1, end < 0 ? pointer.length() : end));
  }

  /** The longest pointer and bound, in UTF-16 units: names within an input can be long. */
  private static final int MAX_SHOWN = 200;

  public Violation {
    pointer = StorableText.shortened(pointer, MAX_SHOWN);
    bound = StorableText.shortened(bound, MAX_SHOWN);
  }

  /** The rules that a page has a sentence for. */
  public static final Set<String> KINDS =
      Set.of(
          "required",
          "additionalProperties",
          "type",
          "enum",
          "const",
          "minLength",
          "maxLength",
          "pattern",
          "format",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minProperties",
          "maxProperties",
          "number",
          "content",
          "storable",
          "text",
          "size",
          "values",
          "names",
          "depth",
          "operation");

  /** Returns the rule, or {@code other} for one that a page has no sentence for. */
  public String kind() {
    return KINDS.contains(rule) ? rule : "other";
  }

  /** Returns what to change, in English. */
  public String sentence() {
    var name = pointer.isEmpty() ? "The payload" : "\"" + pointer.substring(1) + "\"";
    return switch (rule) {
      case "required" -> name + " is missing: set it.";
      case "additionalProperties" -> "Remove " + name + ": this operation does not use it.";
      case "type" -> name + " must be of type " + bound + ".";
      case "enum" -> name + " must be one of " + bound + ".";
      case "const" -> name + " must be " + bound + ".";
      case "minLength" -> "Enter at least " + bound + " characters in " + name + ".";
      case "maxLength" -> "Keep " + name + " within " + bound + " characters.";
      case "pattern" -> name + " does not match the pattern " + bound + ".";
      case "format" -> name + " is not a valid " + bound + ".";
      case "minimum" -> name + " must be at least " + bound + ".";
      case "maximum" -> name + " must be at most " + bound + ".";
      case "exclusiveMinimum" -> name + " must be greater than " + bound + ".";
      case "exclusiveMaximum" -> name + " must be less than " + bound + ".";
      case "multipleOf" -> name + " must be a multiple of " + bound + ".";
      case "minItems" -> "Give at least " + bound + " items in " + name + ".";
      case "maxItems" -> "Give at most " + bound + " items in " + name + ".";
      case "uniqueItems" -> "The items of " + name + " must be unique: give each once.";
      case "minProperties" -> "Give at least " + bound + " properties in " + name + ".";
      case "maxProperties" -> "Give at most " + bound + " properties in " + name + ".";
      case "operation" -> "Unknown operation.";
      case "number" -> name + " is too large a number.";
      case "content" -> "Enter some text in " + name + ".";
      case "storable" -> name + " contains U+0000 or an unpaired surrogate: remove it.";
      case "text" -> "Keep " + name + " within " + bound + " of UTF-8: split it into several jobs.";
      case "size" -> "The payload is larger than " + bound + " of JSON: give less.";
      case "names" ->
          "Give names of properties at most "
              + bound
              + " characters, without U+0000 and unpaired surrogates.";
      case "values" -> "The payload has more than " + bound + " values: give fewer.";
      case "depth" -> "The payload is nested more than " + bound + " levels deep.";
      default -> name + " does not match the schema of the operation (" + rule + ").";
    };
  }
}
