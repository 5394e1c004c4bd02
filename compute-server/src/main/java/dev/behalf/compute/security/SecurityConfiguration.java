package dev.behalf.compute.security;

import dev.behalf.contract.KeyRing;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.apikeys.ApiKeyAuthenticator;
import dev.behalf.server.apikeys.ApiKeyConfiguration;
import dev.behalf.server.apikeys.ApiKeys;
import dev.behalf.server.apikeys.KeyCheck;
import dev.behalf.server.apikeys.KeyHasher;
import dev.behalf.server.problem.JsonAccepted;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.ProblemWriter;
import dev.behalf.server.problem.RequestValidation;
import dev.behalf.server.problem.StrictBodyResolver;
import dev.behalf.server.security.HttpTolerance;
import dev.behalf.server.security.LargeBodies;
import dev.behalf.server.security.ManagementGuard;
import dev.behalf.server.security.RateLimits;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.RouteGuard;
import dev.behalf.server.security.SchemeFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Security configuration of compute-server, which opens the {@link Routes}. Any other path needs a
 * key and then answers 404.
 */
@Configuration(proxyBeanMethods = false)
@Import({ApiKeyConfiguration.class, HttpTolerance.class})
class SecurityConfiguration implements WebMvcConfigurer {

  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
          + " form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new StrictBodyResolver());
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new JsonAccepted()).addPathPatterns("/v1/**");
  }

  /**
   * Turns off Spring Security's observations: a span and a timer for each filter of each request
   * would cost more than the filters.
   */
  @Bean
  static SecurityObservationSettings noObservations() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  static ProblemWriter problemWriter() {
    return new ProblemWriter("Api-Key");
  }

  @Bean
  static RequestValidation requestValidation(UnhandledErrors answers) {
    return new RequestValidation(answers);
  }

  @Bean
  static KeyHasher keyHasher(@Value("${behalf.peppers}") String peppers) {
    return new KeyHasher(KeyRing.parse(peppers));
  }

  /** Guards health and metrics, on a separate port that is read-only and not public. */
  @Bean
  @Order(1)
  SecurityFilterChain operators(
      HttpSecurity http, @Value("${behalf.management-hosts:}") List<String> hosts) {
    return http.securityMatcher(EndpointRequest.toAnyEndpoint())
        .addFilterBefore(new ManagementGuard(hosts), SecurityContextHolderFilter.class)
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain callers(
      HttpSecurity http,
      ApiKeys keys,
      ProblemWriter problems,
      List<KeyCheck.Listener> keyChecks,
      @Value("${behalf.requests-per-minute}") int requestsPerMinute) {
    return http.authorizeHttpRequests(
            requests -> {
              requests
                  .dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD)
                  .permitAll();
              for (var route : Routes.ALL) {
                requests
                    .requestMatchers(route.method(), route.path())
                    .access(new RouteGuard(route, RequestPrincipal::scopes));
              }
              requests.anyRequest().authenticated();
            })
        .addFilterBefore(
            new SchemeFilter(
                ApiKeyAuthenticator.SCHEME, new ApiKeyAuthenticator(keys, keyChecks), problems),
            AuthorizationFilter.class)
        .addFilterBefore(
            new RateLimits("/v1/", requestsPerMinute, problems), AuthorizationFilter.class)
        .addFilterBefore(new LargeBodies("/v1/", "", problems), AuthorizationFilter.class)
        .securityContext(
            context -> context.securityContextRepository(new NullSecurityContextRepository()))
        .exceptionHandling(
            errors ->
                errors
                    .authenticationEntryPoint(
                        (request, response, e) ->
                            problems.write(
                                response,
                                new Problem(
                                    ProblemCode.KEY_MISSING, "Send Authorization: Api-Key <KEY>.")))
                    .accessDeniedHandler((request, response, e) -> refuse(problems, response, e)))
        .headers(
            headers ->
                headers.contentSecurityPolicy(
                    policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY)))
        // Stateless: each request brings its key and leaves no session.
        .sessionManagement(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .servletApi(AbstractHttpConfigurer::disable)
        .build();
  }

  private static void refuse(
      ProblemWriter problems, HttpServletResponse response, AccessDeniedException e)
      throws IOException {
    problems.write(
        response,
        e instanceof AuthorizationDeniedException denied
                && denied.getAuthorizationResult() instanceof RouteGuard.Refusal refusal
            ? refusal.problem()
            : Problem.notFound());
  }

  /**
   * Refuses passwords, which compute-server does not use. Without this bean Spring Boot creates a
   * default user.
   */
  @Bean
  static AuthenticationManager noPasswords() {
    return authentication -> {
      throw new UnsupportedOperationException("compute-server knows keys only.");
    };
  }
}
