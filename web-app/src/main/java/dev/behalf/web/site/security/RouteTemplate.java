package dev.behalf.web.site.security;

import dev.behalf.server.security.Route;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.springframework.http.server.PathContainer;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The route of a request to the API, with variables in place of ids. */
public final class RouteTemplate {

  private static final String API = "/api/";

  /** For requests that are refused before they reach a controller. */
  private static final List<PathPattern> PATTERNS =
      Routes.ALL.stream()
          .map(Route::path)
          .filter(path -> path.startsWith(API))
          .distinct()
          .map(PathPatternParser.defaultInstance::parse)
          .sorted()
          .toList();

  private RouteTemplate() {}

  /** Returns the route's path; empty if no route has this address. */
  public static Optional<String> of(HttpServletRequest request) {
    if (request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String path
        && path.startsWith(API)) {
      return Optional.of(path);
    }
    var path = PathContainer.parsePath(request.getServletPath());
    return PATTERNS.stream()
        .filter(pattern -> pattern.matches(path))
        .map(PathPattern::getPatternString)
        .findFirst();
  }
}
