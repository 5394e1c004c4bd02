package dev.behalf.web.site.security;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.ProblemWriter;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.RequestPrincipal;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The header with which a platform says for which of its users a request is made. Beside any other
 * credential the request is refused: to pass over the header would do the work in the wrong name.
 */
final class OnBehalfOf extends OncePerRequestFilter {

  static final String HEADER = "Behalf-On-Behalf-Of";

  private final ProblemWriter problems;

  OnBehalfOf(ProblemWriter problems) {
    this.problems = problems;
  }

  static @Nullable String of(HttpServletRequest request) {
    return request.getHeader(HEADER);
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return of(request) == null;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var known = SecurityContextHolder.getContext().getAuthentication();
    if (known != null
        && known.getPrincipal() instanceof RequestPrincipal principal
        && principal.scheme() != AuthenticationScheme.ACTING) {
      problems.write(
          response,
          new Problem(
              ProblemCode.FORBIDDEN,
              HEADER + " needs the token of a platform: leave it out, or use such a token."));
    } else {
      chain.doFilter(request, response);
    }
  }
}
