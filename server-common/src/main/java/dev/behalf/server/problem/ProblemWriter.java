package dev.behalf.server.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.web.util.WebUtils;

/** Writes problems to responses, for filters and controllers alike. */
public final class ProblemWriter {

  private static final String MEDIA_TYPE = "application/problem+json";

  private final List<String> schemes;

  /** A response wrapper that is informed of the problem in the response. */
  public interface Observer {
    void written(ProblemCode problem);
  }

  /**
   * Creates the writer of a server.
   *
   * @param schemes the {@code Authorization} schemes that the server accepts; a request without a
   *     credential is challenged with each of them
   */
  public ProblemWriter(String... schemes) {
    this.schemes = List.of(schemes);
  }

  /**
   * The JSON of a problem (RFC 9457, section 3.1), with a {@code code} that clients can switch on.
   *
   * @param type the address of a page about the code
   * @param field the property of the body that is wrong; null if none is
   * @param errors the rules that an input breaks; null if the problem is not about an input
   * @param traceId the id that finds the request in the logs
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Body(
      String type,
      String title,
      int status,
      String detail,
      String code,
      @Nullable String field,
      @Nullable List<InputError> errors,
      @Nullable String traceId) {}

  /**
   * One rule that an input breaks.
   *
   * @param pointer the value, as a JSON pointer into the payload
   */
  record InputError(String pointer, String detail) {
    private static @Nullable List<InputError> of(Problem problem) {
      var violations = problem.violations();
      return violations.isEmpty()
          ? null
          : violations.stream()
              .map(broken -> new InputError(broken.pointer(), broken.sentence()))
              .toList();
    }
  }

  public void write(HttpServletResponse response, Problem problem) throws IOException {
    var code = problem.code();
    var observer = WebUtils.getNativeResponse(response, Observer.class);
    if (observer != null) {
      observer.written(code);
    }
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
            InputError.of(problem),
            MDC.get("traceId"));
    response.getOutputStream().write(StrictJson.write(body));
  }

  /**
   * Returns the {@code WWW-Authenticate} challenges (RFC 9110, section 11.6.1). Without a
   * credential they name no error (RFC 6750, section 3.1).
   */
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
