package dev.behalf.spring.engine;

import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;

/** Serves the methods with {@link BehalfEngine} of a Spring MVC application. */
@AutoConfiguration
@ConditionalOnClass({DispatcherServlet.class, WebServerInitializedEvent.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(EngineProperties.class)
class BehalfEngineAutoConfiguration {

  @Bean
  EngineMethods behalfEngineMethods(
      ConfigurableListableBeanFactory beans, EngineProperties properties) {
    return new EngineMethods(beans, properties);
  }

  @Bean
  EngineDefinitions behalfEngineDefinitions(EngineMethods methods, EngineProperties properties) {
    return new EngineDefinitions(methods, properties.unsigned() ? "" : properties.secretName());
  }

  @Bean
  EngineDefinitionsWriter behalfEngineDefinitionsWriter(
      EngineDefinitions definitions, EngineProperties properties) {
    return new EngineDefinitionsWriter(definitions, properties);
  }

  @Bean
  EngineHandlerMapping behalfEngines(
      EngineMethods methods,
      EngineProperties properties,
      ObjectProvider<ObservationRegistry> observations) {
    return new EngineHandlerMapping(
        new EngineEndpoint(
            methods,
            properties.unsigned()
                ? null
                : new SignatureCheck(properties.secrets(), InstantSource.system()),
            properties,
            observations.getIfAvailable(() -> ObservationRegistry.NOOP)));
  }
}
