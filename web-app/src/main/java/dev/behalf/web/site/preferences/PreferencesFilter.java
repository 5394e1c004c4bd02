package dev.behalf.web.site.preferences;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.i18n.AbstractLocaleResolver;

/**
 * Gives every page, error pages included, its preferences ({@code look}) and time format ({@code
 * times}).
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 4) // so that filters after it refuse in the user's language
class PreferencesFilter extends OncePerRequestFilter {

  private static final String LOOK = "look";

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var preferences = PreferencesCookie.read(request);
    request.setAttribute(LOOK, preferences);
    request.setAttribute("times", new TimeFormat(preferences.zone()));
    chain.doFilter(request, response);
  }

  @Configuration(proxyBeanMethods = false)
  static class Language {

    /** Spring finds this bean by its name. */
    @Bean
    LocaleResolver localeResolver() {
      return new AbstractLocaleResolver() {
        @Override
        public Locale resolveLocale(HttpServletRequest request) {
          return request.getAttribute(LOOK) instanceof DisplayPreferences preferences
              ? preferences.locale(request.getLocale())
              : Locale.ENGLISH;
        }

        @Override
        public void setLocale(
            HttpServletRequest request,
            @Nullable HttpServletResponse response,
            @Nullable Locale locale) {
          throw new UnsupportedOperationException("The settings say it.");
        }
      };
    }
  }
}
