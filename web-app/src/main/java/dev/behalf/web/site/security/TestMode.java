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
 * Serves {@code /test/…} as the same site with test data. The pages below it are those without the
 * prefix, as if the application were deployed there, so that every link, form and redirect stays
 * below it.
 */
@Component
@Order(TestMode.AFTER_SESSIONS)
class TestMode extends OncePerRequestFilter {

  /** Runs after Spring Session's filter: the session cookie belongs to the whole site. */
  static final int AFTER_SESSIONS = Integer.MIN_VALUE + 60;

  static final String PREFIX = "/test";

  /** Addresses that get their environment from a credential, or have none. */
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
    // Also by the decoded path: "/test/../a" is not inside, and the firewall refuses it.
    var inside =
        path.startsWith(PREFIX + "/")
            && request.getServletPath().startsWith(PREFIX)
            && NOT_THERE.stream().noneMatch(path::startsWith);
    var seen = inside ? new Inside(request) : request;
    seen.setAttribute("mode", of(seen).wire());
    seen.setAttribute("here", path.substring(inside ? PREFIX.length() : 0));
    chain.doFilter(seen, response);
  }

  /**
   * Filters async dispatches too: the container dispatches a request again when its event stream
   * ends.
   */
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
