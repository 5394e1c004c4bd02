package dev.behalf.web.site.security;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** The header with which a platform says for which of its users a request is made. */
public final class OnBehalfOf {

  public static final String HEADER = "Behalf-On-Behalf-Of";

  private OnBehalfOf() {}

  static @Nullable String of(HttpServletRequest request) {
    return request.getHeader(HEADER);
  }

  /** Returns the problem of the header beside a credential that acts for nobody else. */
  public static Problem needsPlatform() {
    return new Problem(
        ProblemCode.FORBIDDEN,
        HEADER + " needs the token of a platform: leave it out, or use such a token.");
  }

  static void refuse(HttpServletRequest request) {
    if (of(request) != null) {
      throw needsPlatform();
    }
  }
}
