package dev.behalf.server.security;

import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Authenticates requests by one scheme of the {@code Authorization} header. A request without that
 * scheme passes unchanged, to be authenticated by another scheme or refused. A request with it
 * continues as the principal of its credential, or is refused here. The credential replaces any
 * session of the request.
 */
public final class SchemeFilter extends OncePerRequestFilter {

  /** Resolves a credential to its principal. */
  public interface Authenticator {

    /**
     * Returns the principal of a credential.
     *
     * @throws Problem if the credential is rejected
     */
    RequestPrincipal authenticate(String credential, HttpServletRequest request);
  }

  private final String scheme;
  private final Authenticator authenticator;
  private final ProblemWriter problems;

  /**
   * Creates the filter of one scheme.
   *
   * @param scheme the name of the scheme, such as {@code Api-Key}
   */
  public SchemeFilter(String scheme, Authenticator authenticator, ProblemWriter problems) {
    this.scheme = scheme;
    this.authenticator = authenticator;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var header = request.getHeader("Authorization");
    if (header == null || !isOf(scheme, header)) {
      chain.doFilter(request, response);
      return;
    }
    RequestPrincipal principal;
    try {
      principal =
          authenticator.authenticate(header.substring(scheme.length() + 1).strip(), request);
    } catch (Problem refusal) {
      problems.write(response, refusal);
      return;
    } catch (DataAccessException | CannotCreateTransactionException unavailable) {
      problems.write(response, Problem.unavailable());
      return;
    }
    proceed(principal, request, response, chain);
  }

  /**
   * Returns a name for each scheme: with the class name alone, only the first of several filters
   * would run.
   */
  @Override
  protected String getAlreadyFilteredAttributeName() {
    return SchemeFilter.class.getName() + "." + scheme;
  }

  /** Returns whether the request uses the scheme. */
  public static boolean isUsed(HttpServletRequest request, String scheme) {
    var header = request.getHeader("Authorization");
    return header != null && isOf(scheme, header);
  }

  private static boolean isOf(String scheme, String header) {
    return header.length() > scheme.length()
        && header.charAt(scheme.length()) == ' '
        && header.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  private static void proceed(
      RequestPrincipal principal,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws ServletException, IOException {
    var context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(new Authenticated(principal));
    SecurityContextHolder.setContext(context);
    try (var line = line(principal)) {
      chain.doFilter(request, response);
    } finally {
      SecurityContextHolder.clearContext();
    }
  }

  private static Line line(RequestPrincipal principal) {
    if (!(principal instanceof UserPrincipal user)) {
      return new Line().with("credential", principal.credential());
    }
    var environment = user.onlyEnvironment();
    return new Line()
        .with("user_id", user.userId().toString())
        .with("key_id", user.keyId())
        .with("environment", environment == null ? null : environment.wire());
  }

  /** The fields that every log line of the request has. */
  private static final class Line implements AutoCloseable {
    private final ArrayDeque<MDC.MDCCloseable> parts = new ArrayDeque<>();

    Line with(String name, @Nullable String value) {
      if (value != null) {
        parts.push(MDC.putCloseable(name, value));
      }
      return this;
    }

    @Override
    public void close() {
      parts.forEach(MDC.MDCCloseable::close);
    }
  }

  /**
   * The authentication of an admitted request; {@link RouteGuard} reads the scopes of its
   * principal.
   */
  private static final class Authenticated extends AbstractAuthenticationToken {
    private final transient RequestPrincipal principal;

    Authenticated(RequestPrincipal principal) {
      super(List.of());
      this.principal = principal;
      setAuthenticated(true);
    }

    @Override
    public RequestPrincipal getPrincipal() {
      return principal;
    }

    @Override
    public String getName() {
      return principal.id().toString();
    }

    @Override
    public String getCredentials() {
      return "";
    }
  }
}
