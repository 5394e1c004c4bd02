package dev.behalf.server.problem;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson.Unreadable;
import dev.behalf.operation.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An exception that ends a request with an explanation for the client. It holds nothing that the
 * client may not know.
 */
public final class Problem extends RuntimeException {

  private final ProblemCode code;
  private final transient Map<String, String> headers = new LinkedHashMap<>();
  private @Nullable String field;
  private transient @Nullable Words words;
  private transient List<Violation> violations = List.of();

  /**
   * The detail for a page in the reader's language: a key of the message bundles, and its values.
   */
  public record Words(String key, List<Object> values) {}

  /**
   * Creates a problem with a code.
   *
   * @param detail what is wrong and what to do about it, in one or two sentences
   */
  public Problem(ProblemCode code, String detail) {
    super(detail, null, false, false);
    this.code = code;
  }

  /**
   * Returns the problem of an input that breaks rules of its operation.
   *
   * @param violations at least one; the first decides the code and the detail
   */
  public static Problem of(List<Violation> violations) {
    var first = violations.getFirst();
    var problem = new Problem(first.code(), first.sentence());
    problem.violations = List.copyOf(violations);
    return first.property().isEmpty() ? problem : problem.about(first.property());
  }

  public static Problem of(Unreadable unreadable) {
    var problem = new Problem(unreadable.code(), unreadable.detail());
    var field = unreadable.field();
    return field == null ? problem : problem.about(field);
  }

  public static Problem notFound() {
    return new Problem(
        ProblemCode.NOT_FOUND, "Check the address: an id opens only your own objects.");
  }

  public static Problem unavailable() {
    return new Problem(ProblemCode.UNAVAILABLE, "Try again in a few seconds; nothing was saved.")
        .with("Retry-After", "2");
  }

  /** Returns the problem for a server at capacity: nothing is wrong with the request. */
  public static Problem busy() {
    return new Problem(ProblemCode.BUSY, "Try again in a moment; nothing was charged.")
        .with("Retry-After", "1");
  }

  /** Adds a response header and returns this problem. */
  public Problem with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  /** Sets the property of the body that is wrong and returns this problem. */
  public Problem about(String property) {
    field = property;
    return this;
  }

  /** Sets the detail for a page and returns this problem. */
  public Problem inWords(String key, Object... values) {
    words = new Words(key, List.of(values));
    return this;
  }

  public @Nullable Words words() {
    return words;
  }

  public @Nullable String field() {
    return field;
  }

  /** Returns the rules that an input breaks, if the problem is about an input. */
  public List<Violation> violations() {
    return violations;
  }

  public ProblemCode code() {
    return code;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }

  public Map<String, String> headers() {
    return headers;
  }
}
