package dev.behalf.web.site.security;

import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.Scope;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Lets an operator see a user's pages as that user does, for half an hour and without changing
 * anything. The session stays the operator's own: only requests for {@link #PAGES} are made as the
 * user, with scopes to read. The operator makes all other requests as before.
 */
@Component
public class Viewing extends OncePerRequestFilter {

  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final String USER = "behalf.viewing.user";
  private static final String EMAIL = "behalf.viewing.email";
  private static final String SINCE = "behalf.viewing.since";

  /** The pages that an operator can view; none of them shows a secret. */
  private static final List<String> PAGES =
      List.of(
          "/home",
          "/jobs",
          "/batches",
          "/usage",
          "/billing",
          "/keys",
          "/webhooks",
          "/activity",
          "/live");

  /** The attribute of a request that is made as a viewed user, error pages included. */
  static final String IS_VIEWED = "viewed";

  /** Pages of these that need more than the scopes to read. */
  private static final List<PathPattern> REFUSED =
      Routes.ALL.stream()
          .filter(route -> route.method().equals(HttpMethod.GET) && isPage(route.path()))
          .filter(route -> route.scope() != null && !ViewedUser.ONLY_READ.contains(route.scope()))
          .map(route -> PathPatternParser.defaultInstance.parse(route.path()))
          .toList();

  private final Permissions permissions;
  private final InstantSource clock;

  Viewing(Permissions permissions, InstantSource clock) {
    this.permissions = permissions;
    this.clock = clock;
  }

  /**
   * Keeps the filter in the security chain only; Spring Boot would also register it as a servlet
   * filter.
   */
  @Bean
  static FilterRegistrationBean<Viewing> notOutsideTheChain(Viewing viewing) {
    var registration = new FilterRegistrationBean<>(viewing);
    registration.setEnabled(false);
    return registration;
  }

  /** Returns whether a request is made as a viewed user, or its error page is shown. */
  public static boolean isViewed(HttpServletRequest request) {
    return request.getAttribute(IS_VIEWED) != null;
  }

  /** Begins viewing, from the next request on. */
  public void begin(HttpServletRequest request, UUID userId, String email) {
    var session = request.getSession();
    session.setAttribute(USER, userId.toString());
    session.setAttribute(EMAIL, email);
    session.setAttribute(SINCE, clock.instant().getEpochSecond());
  }

  /** Ends viewing and returns the user whose pages were viewed. */
  public Optional<UUID> end(HttpServletRequest request) {
    var session = request.getSession();
    var user = Optional.ofNullable((String) session.getAttribute(USER)).map(UUID::fromString);
    List.of(USER, EMAIL, SINCE).forEach(session::removeAttribute);
    return user;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var viewed = isPage(request.getServletPath()) ? viewed(request.getSession(false)) : null;
    if (viewed == null) {
      chain.doFilter(request, response);
      return;
    }
    // The header of the page says it, also of an error page, which the session's user gets.
    request.setAttribute(IS_VIEWED, true);
    request.setAttribute("email", viewed.email());
    if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
      response.sendError(HttpServletResponse.SC_FORBIDDEN);
    } else {
      var context = SecurityContextHolder.createEmptyContext();
      context.setAuthentication(
          UsernamePasswordAuthenticationToken.authenticated(viewed, null, List.of()));
      SecurityContextHolder.setContext(context);
      chain.doFilter(request, response);
    }
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  /** Returns whether a path is one that an operator views as the user. */
  static boolean isPage(String path) {
    return PAGES.stream().anyMatch(page -> path.equals(page) || path.startsWith(page + "/"));
  }

  /** Returns whether the page at a path is closed to an operator who views it as the user. */
  static boolean isRefused(String path) {
    return REFUSED.stream().anyMatch(page -> page.matches(PathContainer.parsePath(path)));
  }

  private @Nullable ViewedUser viewed(@Nullable HttpSession session) {
    if (session == null || !(session.getAttribute(USER) instanceof String user)) {
      return null;
    }
    var since = Instant.ofEpochSecond((long) session.getAttribute(SINCE));
    return since.plus(LONGEST).isAfter(clock.instant()) && isOperator()
        ? new ViewedUser(UUID.fromString(user), (String) session.getAttribute(EMAIL))
        : null;
  }

  /** Returns whether the signed-in user is an operator at this moment. */
  private boolean isOperator() {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    return authentication != null
        && authentication.getPrincipal() instanceof RequestPrincipal principal
        && permissions.reach(principal).contains(Scope.OPS_WRITE);
  }
}
