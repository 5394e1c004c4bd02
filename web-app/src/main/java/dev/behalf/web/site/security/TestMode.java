package dev.behalf.web.site.security;

import dev.behalf.contract.Environment;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * {@code /test/…} is the same site with test data: the pages below it are those without it, as if
 * the application were deployed there, so that every link, form and redirect stays in it.
 */
@Component
@Order(TestMode.AFTER_SESSIONS)
class TestMode extends OncePerRequestFilter {

  /** Spring Session's filter stands before it: the cookie is the whole site's. */
  static final int AFTER_SESSIONS = Integer.MIN_VALUE + 60;

  static final String PREFIX = "/test";

  /** What has its environment from a credential, or none. */
  private static final List<String> NOT_THERE =
      List.of("/test/api/", "/test/internal/", "/test/oauth2/", "/test/login/", "/test/error");

  static Environment of(HttpServletRequest request) {
    return request.getContextPath().equals(PREFIX) ? Environment.TEST : Environment.LIVE;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var path = request.getRequestURI();
    var inside = path.startsWith(PREFIX + "/") && NOT_THERE.stream().noneMatch(path::startsWith);
    var seen = inside ? new Inside(request) : request;
    seen.setAttribute("mode", of(seen).wire());
    seen.setAttribute("here", path.substring(inside ? PREFIX.length() : 0));
    chain.doFilter(seen, response);
  }

  /** A live page comes back to its events by itself. */
  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  private static final class Inside extends HttpServletRequestWrapper {

    Inside(HttpServletRequest request) {
      super(request);
    }

    @Override
    public String getContextPath() {
      return PREFIX;
    }

    @Override
    public String getServletPath() {
      return super.getServletPath().substring(PREFIX.length());
    }
  }
}
