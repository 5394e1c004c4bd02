package dev.behalf.web.site.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.web.http.CookieSerializer;

/**
 * Ignores session cookies that do not hold a session id, so that the database is never queried for
 * a value that it cannot store.
 */
@Configuration(proxyBeanMethods = false)
class SessionCookies {

  private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");

  /** Wraps the bean of Spring Boot, which takes the cookie's name from the settings. */
  @Bean
  static BeanPostProcessor idsOnly() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof CookieSerializer cookies ? new OfIds(cookies) : bean;
      }
    };
  }

  private record OfIds(CookieSerializer cookies) implements CookieSerializer {

    @Override
    public void writeCookieValue(CookieValue value) {
      cookies.writeCookieValue(value);
    }

    @Override
    public List<String> readCookieValues(HttpServletRequest request) {
      return cookies.readCookieValues(request).stream()
          .filter(id -> ID.matcher(id).matches())
          .toList();
    }
  }
}
