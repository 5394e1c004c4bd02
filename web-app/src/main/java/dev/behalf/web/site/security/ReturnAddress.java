package dev.behalf.web.site.security;

import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Route;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private static final Set<String> PAGES =
      routes(HttpMethod.GET)
          // It needs to be told which action is meant.
          .filter(path -> !path.equals("/jobs/bulk/new"))
          .collect(Collectors.toUnmodifiableSet());

  private static final List<PathPattern> FORMS =
      routes(HttpMethod.POST).map(PathPatternParser.defaultInstance::parse).toList();

  private ReturnAddress() {}

  /** Returns the sign-in page's address for a refused request. */
  static String signIn(HttpServletRequest request) {
    var isForm = !request.getMethod().equals("GET");
    var page =
        !isNavigation(request)
            ? Optional.<String>empty()
            : isForm ? formPage(request) : here(request);
    var next = page.map(path -> PARAMETER + "=" + URLEncoder.encode(path, StandardCharsets.UTF_8));
    return "/signin"
        + (isForm ? "?expired" : "")
        + next.map(text -> (isForm ? "&" : "?") + text).orElse("");
  }

  /**
   * Returns the page from which a form was sent, as far as its address says: the page that creates
   * what it sends, or the nearest page at or above its address.
   */
  static Optional<String> formPage(HttpServletRequest request) {
    var path = request.getServletPath();
    var parsed = PathContainer.parsePath(path);
    var template =
        FORMS.stream()
            .filter(form -> form.matches(parsed))
            .min(PathPattern.SPECIFICITY_COMPARATOR)
            .map(PathPattern::getPatternString)
            .orElse("");
    if (PAGES.contains(template + "/new")) {
      return local(request.getContextPath() + path + "/new");
    }
    while (!template.isEmpty() && !PAGES.contains(template)) {
      template = template.substring(0, template.lastIndexOf('/'));
      path = path.substring(0, path.lastIndexOf('/'));
    }
    return template.isEmpty() ? Optional.empty() : local(request.getContextPath() + path);
  }

  /** Returns whether the browser shows the answer as a page, and fetches it for no script. */
  private static boolean isNavigation(HttpServletRequest request) {
    var mode = request.getHeader("Sec-Fetch-Mode");
    return (mode == null || mode.equals("navigate"))
        && request.getHeader("X-Requested-With") == null;
  }

  private static Optional<String> here(HttpServletRequest request) {
    var query = request.getQueryString();
    var path = request.getRequestURI() + (query == null ? "" : "?" + query);
    return path.equals("/home") ? Optional.empty() : local(path);
  }

  private static Stream<String> routes(HttpMethod method) {
    return Routes.ALL.stream()
        .filter(route -> method.equals(route.method()))
        .filter(route -> route.schemes().contains(AuthenticationScheme.SESSION))
        .map(Route::path)
        .filter(path -> !path.startsWith("/api/"));
  }

  /** Returns an address if it is a path of this site. */
  static Optional<String> local(@Nullable String path) {
    return path != null && path.length() <= MAX_LENGTH && LOCAL.matcher(path).matches()
        ? Optional.of(path)
        : Optional.empty();
  }

  /**
   * Keeps the address that the sign-in page was given until the sign-in, in place of an earlier
   * one.
   */
  public static void keep(@Nullable String next, HttpServletRequest request) {
    var path = local(next);
    if (path.isPresent()) {
      request.getSession().setAttribute(KEPT, path.get());
    } else if (request.getQueryString() == null) {
      take(request);
    }
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
