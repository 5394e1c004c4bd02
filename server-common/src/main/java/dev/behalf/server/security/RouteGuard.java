package dev.behalf.server.security;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/**
 * Admits requests that use one of the route's authentication schemes, if both the credential and
 * its user have the route's scope.
 *
 * @param reach the function that returns the scopes effective now, however old the credential is
 */
public record RouteGuard(Route route, Function<RequestPrincipal, Set<Scope>> reach)
    implements AuthorizationManager<RequestAuthorizationContext> {

  /** A refusal that names what would have been enough. */
  public record Refusal(Problem problem) implements AuthorizationResult {
    @Override
    public boolean isGranted() {
      return false;
    }
  }

  @Override
  public AuthorizationResult authorize(
      Supplier<? extends @Nullable Authentication> authentication,
      RequestAuthorizationContext request) {
    if (route.isOpen()) {
      return new AuthorizationDecision(true);
    }
    var given = authentication.get();
    if (given == null || !(given.getPrincipal() instanceof RequestPrincipal principal)) {
      return new AuthorizationDecision(false);
    }
    if (!route.schemes().contains(principal.scheme())) {
      return new Refusal(
          new Problem(
              ProblemCode.FORBIDDEN,
              "This address does not accept this kind of credential: see the documentation."));
    }
    var scope = route.scope();
    return scope == null || reach.apply(principal).contains(scope)
        ? new AuthorizationDecision(true)
        : new Refusal(scopeMissing(principal, scope));
  }

  /**
   * Returns the problem of a missing scope, with the challenge of RFC 6750, section 3.1, and the
   * same for keys.
   */
  private static Problem scopeMissing(RequestPrincipal principal, Scope scope) {
    var problem =
        new Problem(
            ProblemCode.SCOPE_MISSING,
            "Use a credential with the scope \"%s\"; its user needs the scope as well."
                .formatted(scope.wire()));
    return switch (principal.scheme()) {
      case API_KEY -> problem.with("WWW-Authenticate", challenge("Api-Key", scope));
      case BEARER, ACTING, PLATFORM -> problem.with("WWW-Authenticate", challenge("Bearer", scope));
      default -> problem;
    };
  }

  private static String challenge(String scheme, Scope scope) {
    return "%s realm=\"behalf\", error=\"insufficient_scope\", scope=\"%s\""
        .formatted(scheme, scope.wire());
  }
}
