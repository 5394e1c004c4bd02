package dev.behalf.compute;

import dev.behalf.contract.StrictJson;
import dev.behalf.engine.EngineClient;
import dev.behalf.memory.IdleHeap;
import dev.behalf.server.operations.OperationConfiguration;
import dev.behalf.server.start.RequestToSelf;
import dev.behalf.start.WarmUp;
import dev.behalf.start.WarmUps;
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

/** The Spring Boot application of compute-server. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableScheduling
@ConfigurationPropertiesScan
@Import(OperationConfiguration.class)
public class ComputeServer {

  public static void main(String[] args) {
    // Digits in headers and texts are the same whatever the language of the machine.
    Locale.setDefault(Locale.ROOT);
    SpringApplication.run(ComputeServer.class, args);
    IdleHeap.watch();
  }

  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }

  @Bean
  EngineClient engineClient(InstantSource clock) {
    return new EngineClient(clock);
  }

  @Bean
  ApplicationRunner warmUps(List<WarmUp> parts) {
    return arguments -> WarmUps.run(parts);
  }

  @Bean
  RequestToSelf callToSelf(Environment environment) {
    return new RequestToSelf(environment, "GET /v1/me", "application/json");
  }

  /** The security filters refuse the request above; this one reaches a controller. */
  @Bean
  RequestToSelf openCallToSelf(Environment environment) {
    return new RequestToSelf(environment, "GET /v1/openapi.json", "application/json");
  }

  @Bean
  JsonMapper json() {
    return StrictJson.MAPPER;
  }
}
