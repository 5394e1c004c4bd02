package dev.behalf.web.site.security;

import dev.behalf.contract.Environment;
import dev.behalf.server.apikeys.ApiKeyAuthenticator;
import dev.behalf.server.problem.FromRequest;
import dev.behalf.server.problem.JsonAccepted;
import dev.behalf.server.problem.StrictBodyResolver;
import dev.behalf.server.security.UserPrincipal;
import dev.behalf.web.site.audit.Actor;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigInteger;
import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.format.FormatterRegistry;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Resolves arguments of controllers: the {@link Caller}, so that no controller depends on the
 * authentication scheme, and the environment of a page.
 */
@Configuration(proxyBeanMethods = false)
class CallerResolver implements WebMvcConfigurer {

  private final Permissions permissions;

  CallerResolver(Permissions permissions) {
    this.permissions = permissions;
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new FromRequest<>(Caller.class, this::caller));
    resolvers.add(new FromRequest<>(Environment.class, TestMode::of));
    resolvers.add(new StrictBodyResolver());
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry
        .addInterceptor(new JsonAccepted())
        .addPathPatterns("/api/**", "/internal/**")
        // A stream of events, which browsers ask for by its own type.
        .excludePathPatterns("/api/v1/jobs/*/events");
  }

  /**
   * Clamps numbers beyond 32 bits, so that the API can bring them into the range of a parameter as
   * documented.
   */
  @Override
  public void addFormatters(FormatterRegistry registry) {
    registry.addConverter(String.class, Integer.class, CallerResolver::integer);
  }

  private static Integer integer(String text) {
    return new BigInteger(text.strip())
        .min(BigInteger.valueOf(Integer.MAX_VALUE))
        .max(BigInteger.valueOf(Integer.MIN_VALUE))
        .intValue();
  }

  private Caller caller(HttpServletRequest request) {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    if (authentication == null
        || !(authentication.getPrincipal() instanceof UserPrincipal principal)) {
      throw new IllegalStateException(
          "A route that is open to others than users asks for a caller.");
    }
    var client = ApiKeyAuthenticator.client(request);
    return new Caller(
        principal.userId(),
        principal.scheme(),
        principal.onlyEnvironment(),
        permissions.reach(principal),
        principal.expiresAt(),
        principal.keyId(),
        new Actor(principal.credential(), client.address(), client.userAgent()));
  }
}
