package dev.behalf.web.site.security;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Scope;
import dev.behalf.server.security.UserPrincipal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.http.HttpHeaders;

/**
 * The principal of a watch token, which opens one job and nothing else.
 *
 * @param issuer the credential that the token was issued with
 * @param origins the web origins whose pages may use the token; empty means any
 */
public record WatchedJob(UUID userId, UUID jobId, String issuer, List<String> origins)
    implements UserPrincipal {

  @Override
  public AuthenticationScheme scheme() {
    return AuthenticationScheme.WATCH_TOKEN;
  }

  @Override
  public Set<Scope> scopes() {
    return Set.of(Scope.JOBS_READ);
  }

  @Override
  public String credential() {
    return "watch token of " + issuer;
  }

  /**
   * Requires that a request is about the job, and from a page that may use the token.
   *
   * @throws Problem otherwise
   */
  void requireOpens(HttpServletRequest request) {
    var address = "/api/v1/jobs/" + jobId;
    var path = request.getServletPath();
    if (!path.equals(address) && !path.equals(address + "/events")) {
      throw new Problem(
          ProblemCode.FORBIDDEN, "A watch token opens only GET " + address + " and its events.");
    }
    var origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && !origins.isEmpty() && !origins.contains(origin)) {
      throw new Problem(
          ProblemCode.FORBIDDEN,
          "The platform does not name the origin of this page among its own.");
    }
  }
}
