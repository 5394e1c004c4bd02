package dev.behalf.web;

import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.memory.IdleHeap;
import dev.behalf.server.apikeys.KeyHasher;
import dev.behalf.server.operations.OperationConfiguration;
import dev.behalf.server.start.RequestToSelf;
import dev.behalf.start.WarmUp;
import dev.behalf.start.WarmUps;
import dev.behalf.web.site.ServiceSecrets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.annotation.EnableScheduling;
import tools.jackson.databind.json.JsonMapper;

/** The Spring Boot application that serves the website and the API and dispatches jobs. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@Import(OperationConfiguration.class)
@EnableScheduling
public class WebApp {

  public static void main(String[] args) {
    // Digits in headers and texts are the same whatever the language of the machine.
    Locale.setDefault(Locale.ROOT);
    SpringApplication.run(WebApp.class, args);
    IdleHeap.watch();
  }

  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }

  @Bean
  ApplicationRunner warmUps(List<WarmUp> parts) {
    return arguments -> WarmUps.run(parts);
  }

  // Both begin no session.

  @Bean
  RequestToSelf callToSelf(Environment environment) {
    return new RequestToSelf(environment, "GET /api/v1/jobs", "application/json");
  }

  @Bean
  RequestToSelf pageToSelf(Environment environment) {
    return new RequestToSelf(environment, "GET /", "text/html");
  }

  @Bean
  JsonMapper json() {
    return StrictJson.MAPPER;
  }

  @Bean
  KeyHasher keyHasher(ServiceSecrets secrets) {
    return new KeyHasher(KeyRing.parse(secrets.peppers()));
  }
}
