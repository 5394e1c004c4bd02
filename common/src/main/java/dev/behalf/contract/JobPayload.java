package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done.
 *
 * @param operation one of {@link Operation}, in lower case
 * @param text the input, at most {@link #MAX_TEXT_BYTES} in UTF-8
 * @param labels for {@code classify}: 2 to 100 of them
 * @param examples for {@code classify}: up to 20 examples for each label, by label
 * @param other for {@code similarity}: the text to compare with
 * @param limit for {@code keywords} and {@code summarize}: how many to give, 1 to 20; 5 and 2 if
 *     absent
 */
@JsonInclude(Include.NON_NULL)
public record JobPayload(
    @Nullable String operation,
    @Nullable String text,
    @Nullable List<String> labels,
    @Nullable Map<String, List<String>> examples,
    @Nullable String other,
    @Nullable Integer limit) {

  /** 64 KiB. */
  public static final int MAX_TEXT_BYTES = 64 * 1024;

  public enum Operation {
    ECHO,
    EMBED,
    CLASSIFY,
    KEYWORDS,
    SUMMARIZE,
    SIMILARITY;

    private final String wire = name().toLowerCase(Locale.ROOT);

    public String wire() {
      return wire;
    }

    public static Optional<Operation> of(@Nullable String wire) {
      return Arrays.stream(values()).filter(operation -> operation.wire.equals(wire)).findFirst();
    }
  }

  /** What is wrong with a payload, for the person who sent it. */
  public record Fault(ProblemCode code, String detail) {}

  public static JobPayload of(Operation operation, String text) {
    return new JobPayload(operation.wire(), text, null, null, null, null);
  }

  /**
   * The first rule that this payload breaks. Both servers ask; a payload without a fault can be
   * computed.
   */
  public Optional<Fault> fault() {
    var known = Operation.of(operation);
    if (known.isEmpty()) {
      return fault(
          ProblemCode.OPERATION_UNKNOWN, "Set \"operation\" to one of " + operations() + ".");
    }
    return textFault("text", text)
        .or(
            () ->
                limit == null || (limit >= 1 && limit <= 20)
                    ? Optional.empty()
                    : fault(ProblemCode.PAYLOAD_INVALID, "Set \"limit\" between 1 and 20."))
        .or(
            () ->
                switch (known.get()) {
                  case CLASSIFY -> labelsFault();
                  case SIMILARITY -> textFault("other", other);
                  case ECHO, EMBED, KEYWORDS, SUMMARIZE -> Optional.empty();
                });
  }

  private static Optional<Fault> textFault(String field, @Nullable String value) {
    if (value == null || value.isBlank()) {
      return fault(ProblemCode.TEXT_EMPTY, "Put some text into \"" + field + "\".");
    }
    if (value.length() > MAX_TEXT_BYTES
        || value.getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_BYTES) {
      return fault(
          ProblemCode.PAYLOAD_TOO_LARGE,
          "Keep \"" + field + "\" within 64 KiB: cut it into several jobs.");
    }
    // PostgreSQL cannot hold U+0000 in a text, and half a surrogate pair is no character at all.
    if (value.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      return fault(
          ProblemCode.NOT_UTF8,
          "\"" + field + "\" holds a character that is no text: U+0000 or half of a pair.");
    }
    return Optional.empty();
  }

  private Optional<Fault> labelsFault() {
    if (labels == null || labels.size() < 2 || labels.size() > 100) {
      return fault(ProblemCode.LABELS_MISSING, "Give 2 to 100 \"labels\" to choose from.");
    }
    if (labels.stream().distinct().count() < labels.size()) {
      return fault(ProblemCode.PAYLOAD_INVALID, "Give each label once.");
    }
    for (var label : labels) {
      if (label == null || label.isBlank() || label.length() > 200) {
        return fault(ProblemCode.LABELS_MISSING, "A label has 1 to 200 characters.");
      }
      var wrong = textFault("labels", label);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return examples == null ? Optional.empty() : examplesFault(labels, examples);
  }

  private static Optional<Fault> examplesFault(
      List<String> labels, Map<String, List<String>> examples) {
    for (var entry : examples.entrySet()) {
      if (!labels.contains(entry.getKey())) {
        return fault(
            ProblemCode.PAYLOAD_INVALID, "\"examples\" names a label that is not in \"labels\".");
      }
      if (entry.getValue() == null || entry.getValue().size() > 20) {
        return fault(ProblemCode.PAYLOAD_INVALID, "Give at most 20 examples for a label.");
      }
      for (var example : entry.getValue()) {
        var wrong = textFault("examples", example);
        if (wrong.isPresent()) {
          return wrong;
        }
        if (example.length() > 2_000) {
          return fault(ProblemCode.PAYLOAD_TOO_LARGE, "Keep an example within 2,000 characters.");
        }
      }
    }
    return Optional.empty();
  }

  private static String operations() {
    return Arrays.stream(Operation.values()).map(Operation::wire).collect(Collectors.joining(", "));
  }

  private static Optional<Fault> fault(ProblemCode code, String detail) {
    return Optional.of(new Fault(code, detail));
  }
}
