package dev.behalf.web.site.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.web.servlet.support.RequestDataValueProcessor;

/** Adds an id to the address of each rendered form, for {@link DuplicateSubmissions}. */
@Configuration(proxyBeanMethods = false)
class FormIds {

  /** Wraps the bean of Spring Security, which adds the CSRF token and is looked up by its name. */
  @Bean
  static BeanPostProcessor idsOfForms() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof RequestDataValueProcessor tokens ? new WithId(tokens) : bean;
      }
    };
  }

  private record WithId(RequestDataValueProcessor tokens) implements RequestDataValueProcessor {

    @Override
    public String processAction(HttpServletRequest request, String action, String method) {
      var to = tokens.processAction(request, action, method);
      return "post".equalsIgnoreCase(method)
          ? to + (to.contains("?") ? "&" : "?") + DuplicateSubmissions.ID + "=" + UUID.randomUUID()
          : to;
    }

    @Override
    public String processFormFieldValue(
        HttpServletRequest request, @Nullable String name, String value, String type) {
      return tokens.processFormFieldValue(request, name, value, type);
    }

    @Override
    public @Nullable Map<String, String> getExtraHiddenFields(HttpServletRequest request) {
      return tokens.getExtraHiddenFields(request);
    }

    @Override
    public String processUrl(HttpServletRequest request, String url) {
      return tokens.processUrl(request, url);
    }
  }

  /**
   * Lets the last write of a session attribute win: two concurrent requests of one browser may set
   * the same one.
   */
  @Bean
  static SessionRepositoryCustomizer<JdbcIndexedSessionRepository> sessionsTakeTheLastWord() {
    return new PostgreSqlJdbcIndexedSessionRepositoryCustomizer();
  }
}
