package dev.behalf.cli.api;

import dev.behalf.contract.StrictJson;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * An error answer from the server: a problem (RFC 9457). A proxy on the way may answer something
 * else in the server's place; then only the status is known.
 */
public final class Refusal extends RuntimeException {

  private final int status;
  private final JsonNode problem;
  private final @Nullable String retryAfter;

  private Refusal(int status, JsonNode problem, @Nullable String retryAfter) {
    super("The server answered " + status + ".", null, false, false);
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  static Refusal of(HttpResponse<String> answer) {
    return of(answer, answer.body());
  }

  static Refusal of(HttpResponse<?> answer, String body) {
    return new Refusal(
        answer.statusCode(), read(body), answer.headers().firstValue("Retry-After").orElse(null));
  }

  private static JsonNode read(String body) {
    try {
      return StrictJson.MAPPER.readTree(body);
    } catch (JacksonException noProblem) {
      return MissingNode.getInstance();
    }
  }

  public int status() {
    return status;
  }

  public String title() {
    return problem.path("title").asString("The server answered " + status + " without details");
  }

  public String detail() {
    return problem.path("detail").asString("");
  }

  /** Returns the problem's stable code, or an empty string if the answer is not Behalf's. */
  public String code() {
    return problem.path("code").asString("");
  }

  /** Returns the property of the body that the problem is about, or an empty string. */
  public String field() {
    return problem.path("field").asString("");
  }

  /** Returns the id that finds the request in the server's logs, or an empty string. */
  public String requestId() {
    return problem.path("trace_id").asString("");
  }

  /** Returns whether the same request may succeed later. */
  boolean mayPass() {
    return status == 429 || status >= 500;
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
