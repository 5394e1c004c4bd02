package dev.behalf.client;

import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An error answer from the server: a problem (RFC 9457). A proxy on the way may answer something
 * else in the server's place; then only the status is known.
 */
public final class ProblemException extends RuntimeException {

  /** Statuses of answers about what a request says. */
  private static final Set<Integer> ABOUT_REQUEST = Set.of(400, 409, 413, 415, 422);

  private final int status;
  private final JsonNode problem;
  private final @Nullable String retryAfter;

  private ProblemException(int status, JsonNode problem, @Nullable String retryAfter) {
    super(message(status, problem), null, false, true);
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  static ProblemException of(HttpResponse<?> answer, String body) {
    return new ProblemException(
        answer.statusCode(),
        Json.readOrMissing(body),
        answer.headers().firstValue("Retry-After").orElse(null));
  }

  private static String message(int status, JsonNode problem) {
    var detail = text(problem, "detail", "error_description");
    var code = text(problem, "code", "error");
    return status
        + " "
        + (code.isEmpty() ? "without a code" : code)
        + (detail.isEmpty() ? "" : ": " + detail);
  }

  /**
   * Returns a property of a problem or, of the address of tokens, its name in OAuth 2 (RFC 6749).
   */
  private static String text(JsonNode problem, String name, String nameInOAuth) {
    return problem.path(name).asString(problem.path(nameInOAuth).asString(""));
  }

  public int status() {
    return status;
  }

  /** Returns the problem's stable code, or an empty string if the answer is not Behalf's. */
  public String code() {
    return text(problem, "code", "error");
  }

  public String title() {
    return problem.path("title").asString("The server answered " + status + " without details");
  }

  /** Returns what to do about it, or an empty string. */
  public String detail() {
    return text(problem, "detail", "error_description");
  }

  /** Returns the property of the body that the problem is about, or an empty string. */
  public String field() {
    return problem.path("field").asString("");
  }

  /**
   * A fault in an input, found by the schema of its operation.
   *
   * @param pointer JSON pointer (RFC 6901) to the value
   */
  public record InputFault(String pointer, String detail) {}

  /** Returns what is wrong with the input; at most 20 faults. */
  public List<InputFault> inputFaults() {
    return problem
        .path("errors")
        .valueStream()
        .map(
            one ->
                new InputFault(one.path("pointer").asString(""), one.path("detail").asString("")))
        .toList();
  }

  /** Returns the id that finds the request in the server's logs, or an empty string. */
  public String requestId() {
    return problem.path("trace_id").asString("");
  }

  /** Returns whether the same request may succeed later. */
  public boolean isTemporary() {
    return status == 429 || status >= 500 || code().equals("upload_in_progress");
  }

  /**
   * Returns whether the server refuses what the request says, so that it will refuse the same
   * request again. Other refusals are about a credential, an address or the server itself, which
   * somebody may mend.
   */
  public boolean isAboutRequest() {
    return !isTemporary() && !code().isEmpty() && ABOUT_REQUEST.contains(status);
  }

  /**
   * Returns the pause that {@code Retry-After} asks for, in seconds or as a date (RFC 9110, section
   * 10.2.3).
   */
  Optional<Duration> retryAfter(Instant now) {
    if (retryAfter == null) {
      return Optional.empty();
    }
    try {
      if (retryAfter.strip().matches("\\d{1,9}")) {
        return Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter.strip())));
      }
      var date = ZonedDateTime.parse(retryAfter.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
      var left = Duration.between(now, date.toInstant());
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }
}
