package dev.behalf.web.operators.console;

import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.security.Permissions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Tells every page whether its header links to the operators' console. A request of the API has no
 * page and costs nothing here.
 */
@Configuration(proxyBeanMethods = false)
class HeaderOperatorLink implements WebMvcConfigurer, HandlerInterceptor {

  private final Permissions permissions;

  HeaderOperatorLink(Permissions permissions) {
    this.permissions = permissions;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public void postHandle(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable ModelAndView page) {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    if (page != null
        && authentication != null
        && authentication.getPrincipal() instanceof RequestPrincipal user) {
      var scopes = permissions.reach(user);
      request.setAttribute("observes", scopes.contains(Scope.OPS_READ));
      request.setAttribute("operates", scopes.contains(Scope.OPS_WRITE));
    }
  }
}
