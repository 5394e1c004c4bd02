package dev.behalf.server.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Writes problems, the same from a filter as from a controller. */
public final class ProblemWriter {

  private static final String MEDIA_TYPE = "application/problem+json";

  private final List<String> schemes;

  /**
   * Writes for a server with these doors.
   *
   * @param schemes of the Authorization header that it takes, named in each challenge to who sent
   *     none
   */
  public ProblemWriter(String... schemes) {
    this.schemes = List.of(schemes);
  }

  /**
   * RFC 9457 section 3.1, with {@code code} to switch on.
   *
   * @param type leads to a page about the code
   * @param field the property of the body that it is about, where it is one
   * @param traceId finds the request in the logs
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Body(
      String type,
      String title,
      int status,
      String detail,
      String code,
      @Nullable String field,
      @Nullable String traceId) {}

  public void write(HttpServletResponse response, Problem problem) throws IOException {
    var code = problem.code();
    challenges(code).forEach(challenge -> response.addHeader("WWW-Authenticate", challenge));
    problem.headers().forEach(response::setHeader);
    response.setStatus(code.status());
    response.setContentType(MEDIA_TYPE);
    response.setHeader("Cache-Control", "no-store");
    var body =
        new Body(
            "/docs/problems/" + code.wire(),
            code.title(),
            code.status(),
            problem.detail(),
            code.wire(),
            problem.field(),
            MDC.get("traceId"));
    response.getOutputStream().write(StrictJson.write(body));
  }

  /** RFC 9110, section 11.6.1; RFC 6750, section 3.1: without a credential no error is named. */
  private List<String> challenges(ProblemCode code) {
    return switch (code) {
      case KEY_MISSING, SIGNED_OUT ->
          schemes.stream().map(scheme -> scheme + " realm=\"behalf\"").toList();
      case KEY_INVALID -> List.of("Api-Key realm=\"behalf\", error=\"invalid_key\"");
      case TOKEN_INVALID -> List.of("Bearer realm=\"behalf\", error=\"invalid_token\"");
      case SIGNATURE_INVALID -> List.of("Signature realm=\"behalf\"");
      default -> List.of();
    };
  }
}
