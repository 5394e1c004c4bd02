package dev.behalf.web.site.security;

import dev.behalf.server.apikeys.ApiKeyAuthenticator;
import dev.behalf.server.apikeys.ApiKeyConfiguration;
import dev.behalf.server.apikeys.ApiKeys;
import dev.behalf.server.apikeys.KeyCheck;
import dev.behalf.server.problem.ProblemWriter;
import dev.behalf.server.problem.RequestValidation;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.HttpTolerance;
import dev.behalf.server.security.LargeBodies;
import dev.behalf.server.security.ManagementGuard;
import dev.behalf.server.security.RateLimits;
import dev.behalf.server.security.Route;
import dev.behalf.server.security.RouteGuard;
import dev.behalf.server.security.SchemeFilter;
import jakarta.servlet.DispatcherType;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/** Opens the routes of {@link Routes}, each to its authentication schemes. */
@Configuration(proxyBeanMethods = false)
@Import({ApiKeyConfiguration.class, HttpTolerance.class})
public class SecurityConfiguration {

  private static final String BEARER = "Bearer";

  /**
   * Turns off observations: a span and a timer for each filter of each request would cost more than
   * the filters.
   */
  @Bean
  static SecurityObservationSettings noObservations() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  ProblemWriter problemWriter() {
    return new ProblemWriter(ApiKeyAuthenticator.SCHEME, BEARER);
  }

  @Bean
  RequestValidation requestValidation(ErrorResponses answers) {
    return new RequestValidation(answers);
  }

  /** Argon2id at OWASP's minimum: 19 MiB, 2 passes, 1 lane. */
  @Bean
  Argon2PasswordEncoder argon2() {
    return new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
  }

  /** The prefix of a hash allows a later change of algorithm. */
  @Bean
  @Primary
  PasswordEncoder passwords(Argon2PasswordEncoder argon2) {
    return new BoundedPasswords(
        new DelegatingPasswordEncoder("argon2id", Map.of("argon2id", argon2)));
  }

  @Bean
  SecurityContextRepository contexts() {
    return new HttpSessionSecurityContextRepository();
  }

  /**
   * Saves an interrupted request only if an application or a mail has sent the user here: after
   * sign-in, the user returns to it.
   */
  @Bean
  RequestCache interrupted() {
    var cache = new HttpSessionRequestCache();
    cache.setRequestMatcher(
        new OrRequestMatcher(
            PathPatternRequestMatcher.pathPattern(HttpMethod.GET, "/oauth2/authorize"),
            PathPatternRequestMatcher.pathPattern(HttpMethod.GET, "/address/link")));
    return cache;
  }

  /**
   * Lets pages of any site call with a key or a token of their own. Credentials are not allowed: a
   * browser sends no cookie along, so a session is of no use to another site. Spring Security finds
   * this bean by its name.
   */
  @Bean
  CorsConfigurationSource corsConfigurationSource() {
    var anySite = new CorsConfiguration();
    anySite.setAllowedOrigins(List.of(CorsConfiguration.ALL));
    anySite.setAllowedMethods(List.of("GET", "HEAD", "POST", "PATCH", "DELETE"));
    anySite.setAllowedHeaders(
        List.of("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "Prefer"));
    anySite.setExposedHeaders(
        List.of(
            "Idempotent-Replayed",
            "Location",
            "Preference-Applied",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "WWW-Authenticate"));
    var paths = new UrlBasedCorsConfigurationSource();
    for (var path :
        List.of(
            "/api/v1/**", "/oauth2/token", "/oauth2/revoke", "/oauth2/jwks", "/.well-known/*")) {
      paths.registerCorsConfiguration(path, anySite);
    }
    return paths;
  }

  /** Opens the management port, which serves health and metrics, is read-only and is not public. */
  @Bean
  @Order(1)
  SecurityFilterChain operators(
      HttpSecurity http, @Value("${behalf.management-hosts:}") List<String> hosts) {
    return http.securityMatcher(EndpointRequest.toAnyEndpoint())
        .addFilterBefore(new ManagementGuard(hosts), SecurityContextHolderFilter.class)
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        // The management port has no sessions.
        .csrf(AbstractHttpConfigurer::disable)
        .build();
  }

  /** Opens the addresses between servers; the controller checks the signature of each request. */
  @Bean
  @Order(2)
  SecurityFilterChain servers(HttpSecurity http) {
    return http.securityMatcher("/internal/**")
        .authorizeHttpRequests(
            requests -> {
              routes(route -> route.schemes().contains(AuthenticationScheme.SIGNATURE))
                  .forEach(
                      route -> requests.requestMatchers(route.method(), route.path()).permitAll());
              requests.anyRequest().denyAll();
            })
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(AbstractHttpConfigurer::disable)
        .build();
  }

  /**
   * Opens pages to users with a session, and {@code /api} also to scripts with a key and
   * applications with a token.
   */
  @Bean
  @Order(4)
  SecurityFilterChain people(
      HttpSecurity http,
      ApiKeys keys,
      TokenCheck tokens,
      Permissions permissions,
      SignIn signIn,
      Viewing viewing,
      AnonymousRateLimits anonymousRates,
      ProblemWriter problems,
      List<KeyCheck.Listener> keyChecks,
      SecurityContextRepository contexts,
      RequestCache interrupted,
      @Value("${behalf.requests-per-minute}") int requestsPerMinute) {
    var refusals = new AccessRefusals(problems);
    http.authorizeHttpRequests(
            requests -> {
              requests
                  .dispatcherTypeMatchers(
                      DispatcherType.ERROR, DispatcherType.FORWARD, DispatcherType.ASYNC)
                  .permitAll();
              routes(
                      route ->
                          !route.schemes().contains(AuthenticationScheme.SIGNATURE)
                              && !route.schemes().contains(AuthenticationScheme.CLIENT))
                  .forEach(
                      route ->
                          methods(route)
                              .forEach(
                                  method ->
                                      requests
                                          .requestMatchers(method, route.path())
                                          .access(new RouteGuard(route, permissions::reach))));
              requests.anyRequest().denyAll();
            })
        .addFilterBefore(
            new SchemeFilter(
                ApiKeyAuthenticator.SCHEME, new ApiKeyAuthenticator(keys, keyChecks), problems),
            CsrfFilter.class)
        .addFilterBefore(new SchemeFilter(BEARER, tokens, problems), CsrfFilter.class)
        .addFilterBefore(
            new RateLimits("/api/", requestsPerMinute, problems), AuthorizationFilter.class)
        .addFilterBefore(
            new LargeBodies("/api/", "/api/v1/batches", problems), AuthorizationFilter.class)
        .addFilterBefore(new OnBehalfOf(problems), AuthorizationFilter.class)
        .addFilterBefore(viewing, AuthorizationFilter.class)
        .addFilterBefore(anonymousRates.beginnings(), SecurityContextHolderFilter.class)
        .addFilterBefore(signIn.endOld(), SecurityContextHolderFilter.class)
        .addFilterBefore(new Uploads(), CsrfFilter.class)
        .addFilterBefore(signIn.throttle(), UsernamePasswordAuthenticationFilter.class)
        .cors(Customizer.withDefaults())
        .csrf(
            csrf ->
                // Another site cannot make a browser send a user's credential in a header: only
                // sessions need the CSRF token.
                csrf.csrfTokenRepository(new SessionCsrfTokens())
                    .requireCsrfProtectionMatcher(
                        request ->
                            !SessionCsrfTokens.SAFE.contains(request.getMethod())
                                && !SchemeFilter.isUsed(request, ApiKeyAuthenticator.SCHEME)
                                && !SchemeFilter.isUsed(request, BEARER))
                    .ignoringRequestMatchers("/api/v1/leaked-keys", "/receipts/check"))
        .securityContext(context -> context.securityContextRepository(contexts))
        .requestCache(cache -> cache.requestCache(interrupted))
        .logout(logout -> logout.logoutUrl("/signout").logoutSuccessUrl("/signin?signedout"))
        .exceptionHandling(
            errors -> errors.authenticationEntryPoint(refusals).accessDeniedHandler(refusals));
    signIn.configure(http);
    return pages(http).build();
  }

  /** Adds the security headers of every page. */
  public static HttpSecurity pages(HttpSecurity http) {
    return http.headers(
        headers ->
            headers
                .addHeaderWriter(new ContentSecurityPolicy())
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER)));
  }

  /** Returns the methods of a route; HEAD is allowed wherever GET is. */
  private static List<HttpMethod> methods(Route route) {
    return route.method().equals(HttpMethod.GET)
        ? List.of(HttpMethod.GET, HttpMethod.HEAD)
        : List.of(route.method());
  }

  private static List<Route> routes(Predicate<Route> which) {
    return Routes.ALL.stream().filter(which).toList();
  }
}
