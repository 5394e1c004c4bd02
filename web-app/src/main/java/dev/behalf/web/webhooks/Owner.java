package dev.behalf.web.webhooks;

import dev.behalf.contract.Environment;
import dev.behalf.server.apikeys.ApiKeyAuthenticator;
import dev.behalf.server.problem.FromRequest;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.UserPrincipal;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Whose webhooks a request is about: a user's own or, for a platform as itself, those that receive
 * the events of all its users.
 *
 * @param id id of the user or of the platform
 * @param onlyEnvironment the environment of an API key; null for any other credential
 */
record Owner(UUID id, boolean isPlatform, @Nullable Environment onlyEnvironment, Actor actor) {

  /** Returns the user in whose activity a change is written; null for a platform. */
  @Nullable UUID userId() {
    return isPlatform ? null : id;
  }

  boolean maySee(Environment environment) {
    return onlyEnvironment == null || onlyEnvironment == environment;
  }

  /**
   * Returns the environment that a request is about.
   *
   * @throws dev.behalf.server.problem.Problem if a key of one environment asks for the other
   */
  Environment environment(@Nullable Environment asked) {
    return Caller.environment(onlyEnvironment, asked);
  }

  /** Resolves the argument of controllers. */
  @Configuration(proxyBeanMethods = false)
  static class Resolver implements WebMvcConfigurer {

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
      resolvers.add(new FromRequest<>(Owner.class, Resolver::owner));
    }

    private static Owner owner(HttpServletRequest request) {
      var authentication = SecurityContextHolder.getContext().getAuthentication();
      if (authentication == null
          || !(authentication.getPrincipal() instanceof RequestPrincipal principal)) {
        throw new IllegalStateException("A route that is open to others asks for an owner.");
      }
      var client = ApiKeyAuthenticator.client(request);
      return new Owner(
          principal.id(),
          principal.scheme() == AuthenticationScheme.PLATFORM,
          principal instanceof UserPrincipal user ? user.onlyEnvironment() : null,
          new Actor(principal.credential(), client.address(), client.userAgent()));
    }
  }
}
