package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The work that a job asks for. A property that the operation does not read is an error, so that
 * everything stored has been checked. Characters are Unicode code points.
 *
 * @param operation the name of an {@link Operation}, in lower case
 * @param text the input, at most {@link #MAX_TEXT_BYTES} in UTF-8
 * @param labels for {@code classify}: 2 to 100 labels of at most 200 characters each
 * @param examples for {@code classify}: at most 20 examples for each label, of at most 2,000
 *     characters each
 * @param other for {@code similarity}: the text to compare with
 * @param limit for {@code keywords} and {@code summarize}: the number of items to return, 1 to 20;
 *     the default is 5 and 2
 */
@JsonInclude(Include.NON_NULL)
public record JobPayload(
    @ApiProperty(as = Operation.class, required = true) @Nullable String operation,
    @ApiProperty(required = true) @Nullable String text,
    @Nullable List<String> labels,
    @Nullable Map<String, List<String>> examples,
    @Nullable String other,
    @Nullable Integer limit) {

  /** The maximum size of a text in UTF-8, in bytes. */
  public static final int MAX_TEXT_BYTES = 64 * 1024;

  /**
   * The maximum size of a payload as JSON in UTF-8, in bytes. With the rest of a message or a
   * request, it stays below what workers (1 MiB) and compute-server (512 KiB) accept.
   */
  public static final int MAX_BYTES = 448 * 1024;

  /** The most bytes that a UTF-16 code unit takes in JSON: {@code \\u0001}. */
  private static final long MAX_BYTES_OF_A_CHAR = 6;

  private static final int MAX_LABEL = 200;
  private static final int MAX_EXAMPLE = 2_000;

  public enum Operation implements WireName {
    ECHO,
    EMBED,
    CLASSIFY,
    KEYWORDS,
    SUMMARIZE,
    SIMILARITY;

    /** Returns whether the operation reads this property, besides the text. */
    private boolean reads(String property) {
      return switch (this) {
        case ECHO, EMBED -> false;
        case CLASSIFY -> property.equals("labels") || property.equals("examples");
        case KEYWORDS, SUMMARIZE -> property.equals("limit");
        case SIMILARITY -> property.equals("other");
      };
    }

    public Pool pool() {
      return this == ECHO ? Pool.QUICK : Pool.COSTLY;
    }

    public static Optional<Operation> of(@Nullable String wire) {
      return WireName.find(Operation.class, wire);
    }
  }

  /** A rule that a payload breaks, explained for its sender. */
  public record Violation(ProblemCode code, String detail) {}

  public static JobPayload of(Operation operation, String text) {
    return new JobPayload(operation.wire(), text, null, null, null, null);
  }

  /**
   * Returns the pool in which the job waits.
   *
   * @throws java.util.NoSuchElementException if the operation is unknown
   */
  public Pool pool() {
    return Operation.of(operation).orElseThrow().pool();
  }

  /**
   * Returns the first rule that this payload breaks. web-app and compute-server both call this
   * method; a payload without a violation can be computed.
   */
  public Optional<Violation> violation() {
    var known = Operation.of(operation);
    if (known.isEmpty()) {
      return violation(
          ProblemCode.OPERATION_UNKNOWN,
          "Unknown operation. Set \"operation\" to one of " + operations() + ".");
    }
    return unreadViolation(known.get())
        .or(() -> textViolation("text", text))
        .or(
            () ->
                limit == null || (limit >= 1 && limit <= 20)
                    ? Optional.empty()
                    : violation(ProblemCode.PAYLOAD_INVALID, "Set \"limit\" between 1 and 20."))
        .or(
            () ->
                switch (known.get()) {
                  case CLASSIFY -> labelsViolation();
                  case SIMILARITY -> textViolation("other", other);
                  case ECHO, EMBED, KEYWORDS, SUMMARIZE -> Optional.empty();
                })
        .or(this::sizeViolation);
  }

  private Optional<Violation> unreadViolation(Operation known) {
    var given = new LinkedHashMap<String, @Nullable Object>();
    given.put("labels", labels);
    given.put("examples", examples);
    given.put("other", other);
    given.put("limit", limit);
    return given.entrySet().stream()
        .filter(property -> property.getValue() != null && !known.reads(property.getKey()))
        .findFirst()
        .flatMap(
            property ->
                violation(
                    ProblemCode.PAYLOAD_INVALID,
                    "Remove \"%s\": %s does not use it."
                        .formatted(property.getKey(), known.wire())));
  }

  /**
   * Checks the sum of the parts, each of which is within its own limit. Most payloads are too short
   * to exceed this limit, and are not serialized.
   */
  private Optional<Violation> sizeViolation() {
    return texts().mapToLong(String::length).sum() * MAX_BYTES_OF_A_CHAR > MAX_BYTES / 2
            && StrictJson.write(this).length > MAX_BYTES
        ? violation(
            ProblemCode.PAYLOAD_TOO_LARGE,
            "The payload is larger than 448 KiB of JSON: give fewer or shorter examples.")
        : Optional.empty();
  }

  /** Returns all texts of the payload, in no particular order. */
  public Stream<String> texts() {
    return Stream.of(
            Stream.of(text, other),
            Objects.requireNonNullElse(labels, List.<String>of()).stream(),
            Objects.requireNonNullElse(examples, Map.<String, List<String>>of()).values().stream()
                .flatMap(List::stream))
        .flatMap(some -> some)
        .filter(Objects::nonNull);
  }

  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Returns the cost of {@code echo} in units: one for each 1,000 characters or part of them. */
  public long unitsOfEcho() {
    return Math.ceilDiv(characters(Objects.requireNonNull(text)), 1_000);
  }

  private static Optional<Violation> textViolation(String field, @Nullable String value) {
    if (value == null) {
      return empty(field);
    }
    if (value.length() > MAX_TEXT_BYTES
        || value.getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_BYTES) {
      return violation(
          ProblemCode.PAYLOAD_TOO_LARGE,
          "Keep \"" + field + "\" within 64 KiB: split it into several jobs.");
    }
    if (!StorableText.isStorable(value)) {
      return violation(
          ProblemCode.NOT_UTF8,
          "\"" + field + "\" contains U+0000 or an unpaired surrogate: remove it.");
    }
    return StorableText.hasContent(value) ? Optional.empty() : empty(field);
  }

  private static Optional<Violation> empty(String field) {
    return violation(ProblemCode.TEXT_EMPTY, "Enter some text in \"" + field + "\".");
  }

  private Optional<Violation> labelsViolation() {
    if (labels == null || labels.size() < 2 || labels.size() > 100) {
      return violation(ProblemCode.LABELS_MISSING, "classify requires 2 to 100 \"labels\".");
    }
    if (labels.stream().distinct().count() < labels.size()) {
      return violation(ProblemCode.PAYLOAD_INVALID, "Labels must be unique: give each label once.");
    }
    for (var label : labels) {
      var wrong = textViolation("labels", label);
      if (label == null
          || wrong.filter(violation -> violation.code() == ProblemCode.TEXT_EMPTY).isPresent()
          || characters(label) > MAX_LABEL) {
        return violation(
            ProblemCode.LABELS_MISSING, "Keep each label between 1 and 200 characters.");
      }
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return examples == null ? Optional.empty() : examplesViolation(labels, examples);
  }

  private static Optional<Violation> examplesViolation(
      List<String> labels, Map<String, List<String>> examples) {
    for (var entry : examples.entrySet()) {
      if (!labels.contains(entry.getKey())) {
        return violation(
            ProblemCode.PAYLOAD_INVALID, "\"examples\" names a label that is not in \"labels\".");
      }
      if (entry.getValue() == null || entry.getValue().size() > 20) {
        return violation(ProblemCode.PAYLOAD_INVALID, "Give at most 20 examples for a label.");
      }
      for (var example : entry.getValue()) {
        var wrong = textViolation("examples", example);
        if (wrong.isPresent()) {
          return wrong;
        }
        if (characters(example) > MAX_EXAMPLE) {
          return violation(
              ProblemCode.PAYLOAD_TOO_LARGE, "Keep an example within 2,000 characters.");
        }
      }
    }
    return Optional.empty();
  }

  private static String operations() {
    return Arrays.stream(Operation.values()).map(Operation::wire).collect(Collectors.joining(", "));
  }

  private static Optional<Violation> violation(ProblemCode code, String detail) {
    return Optional.of(new Violation(code, detail));
  }
}
