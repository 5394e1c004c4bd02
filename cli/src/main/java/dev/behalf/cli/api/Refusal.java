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
 * The server has answered with a problem (RFC 9457). What stands between here and there may answer
 * in its name, with something else: then there is only a status.
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
    return new Refusal(
        answer.statusCode(),
        read(answer.body()),
        answer.headers().firstValue("Retry-After").orElse(null));
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
    return problem.path("title").asString("The server answered " + status + " and no more");
  }

  public String detail() {
    return problem.path("detail").asString("");
  }

  /** The stable word; empty where the answer is not Behalf's. */
  public String code() {
    return problem.path("code").asString("");
  }

  /** The property of the body that it is about, or empty. */
  public String field() {
    return problem.path("field").asString("");
  }

  /** Finds the request in the server's logs; empty where there is none. */
  public String requestId() {
    return problem.path("trace_id").asString("");
  }

  /** The same request may be answered otherwise later. */
  boolean mayPass() {
    return status == 429 || status >= 500;
  }

  /** Both forms of RFC 9110, section 10.2.3: seconds, or a date. */
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
