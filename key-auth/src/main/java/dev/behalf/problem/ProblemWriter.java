package dev.behalf.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Writes problems, the same from a filter as from a controller. */
public final class ProblemWriter {

  private static final String MEDIA_TYPE = "application/problem+json";

  /**
   * RFC 9457 section 3.1, with {@code code} to switch on.
   *
   * @param type leads to a page about the code
   * @param traceId finds the request in the logs
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Body(
      String type,
      String title,
      int status,
      String detail,
      String code,
      @Nullable String traceId) {}

  public void write(HttpServletResponse response, Problem problem) throws IOException {
    var code = problem.code();
    if (code.status() == HttpServletResponse.SC_UNAUTHORIZED) {
      var scheme = code == ProblemCode.SIGNATURE_INVALID ? "Signature" : "Api-Key";
      response.setHeader("WWW-Authenticate", scheme + " realm=\"behalf\"");
    }
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
            MDC.get("traceId"));
    response.getOutputStream().write(StrictJson.write(body));
  }
}
