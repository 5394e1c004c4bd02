package dev.behalf.web.site.security;

import dev.behalf.server.security.AuthenticationScheme;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The page of this site to which a sign-in returns. It travels as a parameter to the sign-in page,
 * which keeps it in the session: a request that is refused begins no session.
 */
public final class ReturnAddress {

  public static final String PARAMETER = "next";

  private static final String KEPT = "behalf.next";
  private static final int MAX_LENGTH = 1_000;

  /** A path of this site: no host, no scheme, nothing that ends a header. */
  private static final Pattern LOCAL = Pattern.compile("/(?![/\\\\])[\\x21-\\x5B\\x5D-\\x7E]*");

  private static final List<PathPattern> PAGES =
      Routes.ALL.stream()
          .filter(route -> HttpMethod.GET.equals(route.method()))
          .filter(route -> route.schemes().contains(AuthenticationScheme.SESSION))
          .filter(route -> !route.path().startsWith("/api/"))
          .map(route -> PathPatternParser.defaultInstance.parse(route.path()))
          .toList();

  private ReturnAddress() {}

  /** Returns the sign-in page's address for a refused request. */
  static String signIn(HttpServletRequest request) {
    var isForm = !request.getMethod().equals("GET");
    var page = isForm ? formPage(request) : here(request);
    var next = page.map(path -> PARAMETER + "=" + URLEncoder.encode(path, StandardCharsets.UTF_8));
    return "/signin"
        + (isForm ? "?expired" : "")
        + next.map(text -> (isForm ? "&" : "?") + text).orElse("");
  }

  /**
   * Returns the page from which a form was sent, as far as its address says: the nearest page
   * below, at or above it.
   */
  static Optional<String> formPage(HttpServletRequest request) {
    var path = request.getServletPath();
    while (!path.isEmpty()) {
      for (var page : List.of(path + "/new", path)) {
        if (isPage(page)) {
          return local(request.getContextPath() + page);
        }
      }
      path = path.substring(0, path.lastIndexOf('/'));
    }
    return Optional.empty();
  }

  private static boolean isPage(String path) {
    var container = PathContainer.parsePath(path);
    return PAGES.stream().anyMatch(page -> page.matches(container));
  }

  private static Optional<String> here(HttpServletRequest request) {
    var query = request.getQueryString();
    var path = request.getRequestURI() + (query == null ? "" : "?" + query);
    return path.equals("/home") ? Optional.empty() : local(path);
  }

  /** Returns an address if it is a path of this site. */
  static Optional<String> local(@Nullable String path) {
    return path != null && path.length() <= MAX_LENGTH && LOCAL.matcher(path).matches()
        ? Optional.of(path)
        : Optional.empty();
  }

  /** Keeps the address that the sign-in page was given until the sign-in. */
  public static void keep(@Nullable String next, HttpServletRequest request) {
    local(next).ifPresent(path -> request.getSession().setAttribute(KEPT, path));
  }

  /** Returns and forgets the address that was kept. */
  static Optional<String> take(HttpServletRequest request) {
    var session = request.getSession(false);
    if (session == null || !(session.getAttribute(KEPT) instanceof String path)) {
      return Optional.empty();
    }
    session.removeAttribute(KEPT);
    return Optional.of(path);
  }
}
