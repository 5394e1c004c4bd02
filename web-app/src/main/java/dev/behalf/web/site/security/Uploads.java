package dev.behalf.web.site.security;

import dev.behalf.server.problem.RequestValidation;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Accepts files at one address and only from signed-in users: the CSRF token is in one of the
 * parts, and looking for it means storing all of them.
 */
final class Uploads extends OncePerRequestFilter {

  private static final String ADDRESS = "/batches";

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !RequestValidation.isMultipart(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!request.getServletPath().equals(ADDRESS)) {
      response.sendError(HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE);
    } else if (SecurityContextHolder.getContext().getAuthentication() == null) {
      response.sendRedirect(ReturnAddress.signIn(request));
    } else {
      takeParts(request, response, chain);
    }
  }

  private static void takeParts(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      request.getParts();
    } catch (InvalidParameterException tooMuch) {
      response.sendError(tooMuch.getErrorCode());
      return;
    } catch (ServletException | IOException | IllegalStateException unreadable) {
      response.sendError(HttpServletResponse.SC_BAD_REQUEST);
      return;
    }
    chain.doFilter(request, response);
  }
}
