package dev.behalf.web.identity.accounts;

import dev.behalf.web.site.security.Viewing;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Adds the signed-in user's e-mail address to the header of every page, error pages included. */
@Configuration(proxyBeanMethods = false)
class HeaderUser implements WebMvcConfigurer, HandlerInterceptor {

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    var principal = authentication == null ? null : authentication.getPrincipal();
    if (principal instanceof SignedIn user && !Viewing.isViewed(request)) {
      request.setAttribute("email", user.email());
    }
    return true;
  }
}
