package dev.behalf.web.doors;

import dev.behalf.contract.Environment;
import dev.behalf.doors.Entrant;
import dev.behalf.keyauth.ApiKeyDoor;
import dev.behalf.problem.StrictBodyResolver;
import dev.behalf.web.audit.Actor;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Gives controllers a {@link Caller}, so that none of them knows the doors; pages, their mode. */
@Configuration(proxyBeanMethods = false)
class CallerResolver implements HandlerMethodArgumentResolver, WebMvcConfigurer {

  private final Permissions permissions;

  CallerResolver(Permissions permissions) {
    this.permissions = permissions;
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(this);
    resolvers.add(new ModeResolver());
    resolvers.add(new StrictBodyResolver());
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Caller.class;
  }

  @Override
  public Caller resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    if (authentication == null || !(authentication.getPrincipal() instanceof Entrant entrant)) {
      throw new IllegalStateException("A route without a door asks for a caller.");
    }
    var knock =
        ApiKeyDoor.knock(
            Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)));
    return new Caller(
        entrant.userId(),
        entrant.door(),
        entrant.onlyEnvironment(),
        permissions.reach(entrant),
        entrant.expiresAt(),
        entrant.keyId(),
        new Actor(entrant.credential(), knock.address(), knock.userAgent()));
  }

  private static final class ModeResolver implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
      return parameter.getParameterType() == Environment.class;
    }

    @Override
    public Environment resolveArgument(
        MethodParameter parameter,
        @Nullable ModelAndViewContainer container,
        NativeWebRequest request,
        @Nullable WebDataBinderFactory binders) {
      return TestMode.of(
          Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)));
    }
  }
}
