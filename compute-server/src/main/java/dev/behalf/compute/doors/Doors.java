package dev.behalf.compute.doors;

import dev.behalf.contract.KeyRing;
import dev.behalf.contract.ProblemCode;
import dev.behalf.keyauth.ApiKeyDoor;
import dev.behalf.keyauth.ApiKeys;
import dev.behalf.keyauth.KeyHasher;
import dev.behalf.problem.Problem;
import dev.behalf.problem.ProblemWriter;
import jakarta.servlet.DispatcherType;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/**
 * Every route with its door and scope. What is not named here needs a key and then is not found.
 */
@Configuration(proxyBeanMethods = false)
class Doors {

  @Bean
  ProblemWriter problemWriter() {
    return new ProblemWriter();
  }

  @Bean
  ApiKeys apiKeys(
      JdbcClient database, InstantSource clock, @Value("${behalf.peppers}") String peppers) {
    return new ApiKeys(database, new KeyHasher(KeyRing.parse(peppers)), clock);
  }

  /** Health and figures have a port of their own, for operators, which is not open to the world. */
  @Bean
  @Order(1)
  SecurityFilterChain operators(HttpSecurity http) {
    return http.securityMatcher(EndpointRequest.toAnyEndpoint())
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain callers(
      HttpSecurity http, ApiKeys keys, ProblemWriter problems, ApplicationEventPublisher events) {
    return http.authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers(HttpMethod.POST, "/v1/ai/jobs")
                    .hasAuthority("SCOPE_jobs:write")
                    .requestMatchers(HttpMethod.GET, "/v1/ai/jobs/*")
                    .hasAuthority("SCOPE_jobs:read")
                    .requestMatchers(HttpMethod.GET, "/v1/usage")
                    .hasAuthority("SCOPE_usage:read")
                    .anyRequest()
                    .authenticated())
        .addFilterBefore(new ApiKeyDoor(keys, problems, events), AuthorizationFilter.class)
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .exceptionHandling(
            errors ->
                errors
                    .authenticationEntryPoint(
                        (request, response, e) ->
                            problems.write(
                                response,
                                new Problem(
                                    ProblemCode.KEY_MISSING, "Send Authorization: Api-Key <KEY>.")))
                    .accessDeniedHandler(
                        (request, response, e) ->
                            problems.write(
                                response,
                                new Problem(
                                    ProblemCode.FORBIDDEN,
                                    "Use a key with the scope for this address."))))
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .build();
  }

  /** There are no passwords here: this keeps Spring Boot from making a user up. */
  @Bean
  AuthenticationManager noPasswords() {
    return authentication -> {
      throw new UnsupportedOperationException("compute-server knows keys only.");
    };
  }
}
