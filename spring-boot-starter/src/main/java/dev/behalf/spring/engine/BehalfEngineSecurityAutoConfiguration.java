package dev.behalf.spring.engine;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.configuration.WebSecurityCustomizer;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Lets calls of engines pass Spring Security: they bring no session and no CSRF token, but a
 * signature, which the endpoint itself checks.
 */
@AutoConfiguration(after = BehalfEngineAutoConfiguration.class)
@ConditionalOnClass({WebSecurityCustomizer.class, DispatcherServlet.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class BehalfEngineSecurityAutoConfiguration {

  @Bean
  WebSecurityCustomizer behalfEngineCalls() {
    return web -> web.ignoring().requestMatchers(EngineEndpoint.PATH + "/*");
  }
}
