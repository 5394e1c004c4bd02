package dev.behalf.web.doors;

import dev.behalf.keyauth.ApiKeyDoor;
import dev.behalf.keyauth.ApiKeys;
import dev.behalf.keyauth.KeyHasher;
import dev.behalf.problem.ProblemWriter;
import dev.behalf.web.accounts.SignedIn;
import jakarta.servlet.DispatcherType;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** Every route with its doors and scope. What is not named here is open to nobody. */
@Configuration(proxyBeanMethods = false)
class Doors {

  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  @Bean
  ProblemWriter problemWriter() {
    return new ProblemWriter();
  }

  @Bean
  ApiKeys apiKeys(JdbcClient database, KeyHasher hasher, InstantSource clock) {
    return new ApiKeys(database, hasher, clock);
  }

  /**
   * Argon2id with the least that OWASP asks for: 19 MiB, 2 passes, 1 lane. The prefix lets it be
   * replaced later.
   */
  @Bean
  PasswordEncoder passwords() {
    var argon2 = new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
    return new BoundedPasswords(
        new DelegatingPasswordEncoder("argon2id", Map.of("argon2id", argon2)));
  }

  @Bean
  SecurityContextRepository sessions() {
    return new HttpSessionSecurityContextRepository();
  }

  /** Health and figures have a port of their own, for operators, which is not open to the world. */
  @Bean
  @Order(1)
  SecurityFilterChain operators(HttpSecurity http) {
    return http.securityMatcher(EndpointRequest.toAnyEndpoint())
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .build();
  }

  /** Between servers: the controller checks the signature of each request. */
  @Bean
  @Order(2)
  SecurityFilterChain servers(HttpSecurity http) {
    return http.securityMatcher("/internal/**")
        .authorizeHttpRequests(
            requests ->
                requests
                    .requestMatchers(HttpMethod.POST, "/internal/v1/key-lookups")
                    .permitAll()
                    .anyRequest()
                    .denyAll())
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(AbstractHttpConfigurer::disable)
        .build();
  }

  /** People with a session, and scripts with a key on {@code /api}. */
  @Bean
  @Order(3)
  SecurityFilterChain people(
      HttpSecurity http,
      ApiKeys keys,
      ProblemWriter problems,
      ApplicationEventPublisher events,
      SecurityContextRepository sessions) {
    var refusals = new Refusals(problems);
    return http.authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(
                        DispatcherType.ERROR, DispatcherType.FORWARD, DispatcherType.ASYNC)
                    .permitAll()
                    .requestMatchers(
                        "/",
                        "/signup",
                        "/signin",
                        "/*.css",
                        "/*.js",
                        "/favicon.svg",
                        "/favicon.ico",
                        "/docs/problems/*")
                    .permitAll()
                    .requestMatchers(HttpMethod.POST, "/api/v1/jobs")
                    .access(sessionOrScope("jobs:write"))
                    .requestMatchers(HttpMethod.GET, "/api/v1/jobs", "/api/v1/jobs/*")
                    .access(sessionOrScope("jobs:read"))
                    .requestMatchers(HttpMethod.GET, "/api/v1/usage")
                    .access(sessionOrScope("usage:read"))
                    .requestMatchers("/home", "/jobs", "/jobs/**", "/usage/panel", "/live")
                    .access(Doors::session)
                    .anyRequest()
                    .denyAll())
        .addFilterBefore(new ApiKeyDoor(keys, problems, events), CsrfFilter.class)
        .csrf(
            csrf ->
                // A key in a header cannot be sent by another site's page: only sessions need the
                // token.
                csrf.requireCsrfProtectionMatcher(
                    request ->
                        !SAFE.contains(request.getMethod()) && !ApiKeyDoor.isKnocking(request)))
        .securityContext(context -> context.securityContextRepository(sessions))
        .formLogin(
            form ->
                form.loginPage("/signin")
                    .usernameParameter("email")
                    .defaultSuccessUrl("/home", true)
                    .failureUrl("/signin?fault"))
        .logout(logout -> logout.logoutUrl("/signout").logoutSuccessUrl("/signin?signedout"))
        .requestCache(AbstractHttpConfigurer::disable)
        .exceptionHandling(
            errors -> errors.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
        .headers(
            headers ->
                headers
                    .contentSecurityPolicy(
                        policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                    .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER)))
        .build();
  }

  private static AuthorizationManager<RequestAuthorizationContext> sessionOrScope(String scope) {
    var scoped =
        AuthorityAuthorizationManager.<RequestAuthorizationContext>hasAuthority("SCOPE_" + scope);
    return (authentication, request) ->
        session(authentication, request).isGranted()
            ? new AuthorizationDecision(true)
            : scoped.authorize(authentication, request);
  }

  private static AuthorizationDecision session(
      Supplier<? extends @Nullable Authentication> authentication,
      RequestAuthorizationContext request) {
    var given = authentication.get();
    return new AuthorizationDecision(given != null && given.getPrincipal() instanceof SignedIn);
  }
}
