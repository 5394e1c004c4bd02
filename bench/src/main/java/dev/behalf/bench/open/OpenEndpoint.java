package dev.behalf.bench.open;

import java.util.List;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /v1/me} as compute-server answers it, on the same stack and behind the same filters,
 * less the check of a key. It is a process of its own, like compute-server.
 */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class OpenEndpoint {

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

  @Bean
  SecurityFilterChain everybody(HttpSecurity http) {
    return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .headers(
            headers ->
                headers.contentSecurityPolicy(
                    policy -> policy.policyDirectives("default-src 'none'")))
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .build();
  }
}
