package dev.behalf.bench.open;

import io.micrometer.observation.ObservationPredicate;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The endpoint {@code GET /v1/me} as compute-server answers it, on the same stack, with the same
 * metrics, traces and headers, but without the authentication scheme for keys, the routes and the
 * users' rate limits. It runs in its own process, like compute-server.
 */
@SpringBootApplication(
    proxyBeanMethods = false,
    // What the class path has for the peer.
    exclude = {DataSourceAutoConfiguration.class, RabbitAutoConfiguration.class})
@RestController
public class OpenEndpoint {

  /** The settings of compute-server that affect every request. */
  public static final List<String> SETTINGS =
      List.of(
          "--server.address=127.0.0.1",
          "--server.http2.enabled=true",
          "--server.tomcat.max-keep-alive-requests=-1",
          "--spring.threads.virtual.enabled=true",
          "--spring.mvc.formcontent.filter.enabled=false",
          "--spring.main.banner-mode=off",
          "--management.server.port=0",
          "--management.endpoints.web.exposure.include=health,prometheus",
          "--management.otlp.metrics.export.enabled=false",
          "--management.tracing.exemplars.include=none");

  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
          + " form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

  private static final Me ANSWER =
      new Me(
          UUID.fromString("00000000-0000-4000-8000-000000000001"),
          "0123456789ab",
          "live",
          List.of("jobs:read", "jobs:write", "usage:read"));

  public static void main(String[] args) {
    SpringApplication.run(OpenEndpoint.class, args);
  }

  record Me(UUID userId, String keyId, String environment, List<String> scopes) {}

  @GetMapping("/v1/me")
  Me me() {
    return ANSWER;
  }

  /** Observes only requests of a trace, as compute-server does. */
  @Bean
  static ObservationPredicate tracedRequestsOnly() {
    return (name, context) ->
        !(context instanceof ServerRequestObservationContext request)
            || (request.getCarrier() != null
                && request.getCarrier().getHeader("traceparent") != null);
  }

  @Bean
  static SecurityObservationSettings noObservations() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  SecurityFilterChain everybody(HttpSecurity http) {
    return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .securityContext(
            context -> context.securityContextRepository(new NullSecurityContextRepository()))
        .headers(
            headers ->
                headers.contentSecurityPolicy(
                    policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY)))
        .sessionManagement(AbstractHttpConfigurer::disable)
        .servletApi(AbstractHttpConfigurer::disable)
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .build();
  }
}
