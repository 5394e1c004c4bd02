package dev.behalf.web.identity.platforms;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.apikeys.ApiKeyAuthenticator;
import dev.behalf.server.problem.FromRequest;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.audit.Actor;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** A platform that calls as itself. */
record PlatformCaller(PlatformPrincipal principal, Actor actor) {

  UUID platformId() {
    return principal.client().platformId();
  }

  String platform() {
    return principal.client().name();
  }

  /**
   * Requires a scope beyond the one of the route.
   *
   * @throws Problem if the token or the platform does not have it
   */
  void require(Scope scope) {
    if (!principal.scopes().contains(scope)) {
      throw new Problem(
          ProblemCode.SCOPE_MISSING,
          "Use a token with the scope \"%s\"; the platform needs the scope as well."
              .formatted(scope.wire()));
    }
  }

  /** Resolves the argument of controllers. */
  @Configuration(proxyBeanMethods = false)
  static class Resolver implements WebMvcConfigurer {

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
      resolvers.add(new FromRequest<>(PlatformCaller.class, Resolver::caller));
    }

    private static PlatformCaller caller(HttpServletRequest request) {
      var authentication = SecurityContextHolder.getContext().getAuthentication();
      if (authentication == null
          || !(authentication.getPrincipal() instanceof PlatformPrincipal principal)) {
        throw new IllegalStateException("A route that is open to others asks for a platform.");
      }
      var client = ApiKeyAuthenticator.client(request);
      return new PlatformCaller(
          principal, new Actor(principal.credential(), client.address(), client.userAgent()));
    }
  }
}
