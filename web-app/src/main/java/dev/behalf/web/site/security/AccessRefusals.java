package dev.behalf.web.site.security;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.ProblemWriter;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.RouteGuard;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;

/**
 * Answers requests without access: with a problem in the API, with the sign-in page or a 404 in the
 * browser.
 */
final class AccessRefusals implements AuthenticationEntryPoint, AccessDeniedHandler {

  private final ProblemWriter problems;

  AccessRefusals(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
      throws IOException {
    if (isPage(request)) {
      response.sendRedirect(ReturnAddress.signIn(request));
    } else {
      problems.write(response, unknown(request));
    }
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
      throws IOException {
    var known = SecurityContextHolder.getContext().getAuthentication();
    var signedIn =
        known != null
            && known.getPrincipal() instanceof RequestPrincipal principal
            && principal.scheme() == AuthenticationScheme.SESSION;
    if (isPage(request)) {
      refusePage(request, response, e, signedIn);
    } else if (e instanceof CsrfException) {
      problems.write(
          response,
          signedIn
              ? new Problem(
                  ProblemCode.FORM_EXPIRED,
                  "Send the page's CSRF token in the header that it names.")
              : unknown(request));
    } else if (e instanceof AuthorizationDeniedException denied
        && denied.getAuthorizationResult() instanceof RouteGuard.Refusal refusal) {
      problems.write(response, refusal.problem());
    } else {
      problems.write(response, Problem.notFound());
    }
  }

  private static void refusePage(
      HttpServletRequest request,
      HttpServletResponse response,
      AccessDeniedException e,
      boolean signedIn)
      throws IOException {
    if (e instanceof CsrfException) {
      // The token is stored in the session: if it is missing, so is the session. With another
      // session, the page with the form has a new token.
      response.sendRedirect(
          signedIn
              ? ReturnAddress.formPage(request).orElse("/home")
              : ReturnAddress.signIn(request));
    } else {
      // A page that this user may not see is answered like one that does not exist.
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  private static Problem unknown(HttpServletRequest request) {
    return request.getHeader(HttpHeaders.COOKIE) == null
        ? new Problem(
            ProblemCode.KEY_MISSING,
            "Send Authorization: Api-Key <KEY> or Bearer <TOKEN>, or sign in.")
        : new Problem(ProblemCode.SIGNED_OUT, "Sign in again; nothing was queued.");
  }

  private static boolean isPage(HttpServletRequest request) {
    return !request.getRequestURI().startsWith("/api/");
  }
}
