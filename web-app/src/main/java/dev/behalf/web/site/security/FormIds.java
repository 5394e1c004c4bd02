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

/** Gives each form that is drawn an id in its address, for {@link DuplicateSubmissions}. */
@Configuration(proxyBeanMethods = false)
class FormIds {

  /** Around the bean of Spring Security, which adds the token and goes by its name. */
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

  /** Two requests of one browser at once may set the same attribute of its session. */
  @Bean
  static SessionRepositoryCustomizer<JdbcIndexedSessionRepository> sessionsTakeTheLastWord() {
    return new PostgreSqlJdbcIndexedSessionRepositoryCustomizer();
  }
}
