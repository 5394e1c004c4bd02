package dev.behalf.web.identity.oauth;

import dev.behalf.server.security.Scope;
import dev.behalf.web.identity.platforms.PlatformClient;
import dev.behalf.web.identity.platforms.PlatformTokens;
import dev.behalf.web.identity.platforms.Platforms;
import dev.behalf.web.site.security.AnonymousRateLimits;
import dev.behalf.web.site.security.SecurityConfiguration;
import dev.behalf.web.site.security.SignIn;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.crypto.keygen.Base64StringKeyGenerator;
import org.springframework.security.crypto.keygen.StringKeyGenerator;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationServerMetadata;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.ClientSecretAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.DelegatingOAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.token.JwtGenerator;
import org.springframework.security.oauth2.server.authorization.token.OAuth2AccessTokenGenerator;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/**
 * Configures Spring's authorization server with this system's applications, consents, tokens and
 * pages.
 */
@Configuration(proxyBeanMethods = false)
class AuthorizationServer {

  @Bean
  AuthorizationServerSettings authorizationServerSettings(
      @Value("${behalf.public-url:}") String publicUrl) {
    var settings = AuthorizationServerSettings.builder();
    return publicUrl.isEmpty() ? settings.build() : settings.issuer(publicUrl).build();
  }

  @Bean
  OAuth2TokenGenerator<OAuth2Token> tokenGenerator(SigningKeys keys, InstantSource clock) {
    var jwts = new JwtGenerator(new NimbusJwtEncoder(keys));
    jwts.setJwtCustomizer(
        context -> {
          context
              .getJwsHeader()
              .algorithm(SignatureAlgorithm.ES256)
              .keyId(keys.current())
              .type(AccessTokens.TYPE);
          // A list type that Spring can also read back from the database.
          context.getClaims().audience(Collections.singletonList(AccessTokens.AUDIENCE));
          var client = context.getRegisteredClient();
          context.getClaims().claim("client_id", client.getClientId());
          if (PlatformClient.platformOf(client) != null) {
            context.getClaims().claim(PlatformTokens.PLATFORM, client.getClientName());
            context.getClaims().claim("scope", String.join(" ", context.getAuthorizedScopes()));
          }
        });
    return new DelegatingOAuth2TokenGenerator(
        jwts, new OAuth2AccessTokenGenerator(), refreshTokens(clock));
  }

  /**
   * Generates refresh tokens, exchanged at each use, for public clients too: Spring's own generator
   * gives them none.
   */
  private static OAuth2TokenGenerator<OAuth2RefreshToken> refreshTokens(InstantSource clock) {
    StringKeyGenerator random =
        new Base64StringKeyGenerator(Base64.getUrlEncoder().withoutPadding(), 96);
    return context -> {
      if (!OAuth2TokenType.REFRESH_TOKEN.equals(context.getTokenType())) {
        return null;
      }
      var now = clock.instant();
      return new OAuth2RefreshToken(
          random.generateKey(),
          now,
          now.plus(context.getRegisteredClient().getTokenSettings().getRefreshTokenTimeToLive()));
    };
  }

  /** Limits the metadata to what is offered; Spring would list all that it supports. */
  private static void describe(OAuth2AuthorizationServerMetadata.Builder metadata) {
    var byClients = List.of("client_secret_basic", "client_secret_post", "none");
    metadata
        .tokenEndpointAuthenticationMethods(methods -> replace(methods, byClients))
        .tokenRevocationEndpointAuthenticationMethods(methods -> replace(methods, byClients))
        .tokenIntrospectionEndpointAuthenticationMethods(
            methods -> replace(methods, byClients.subList(0, 2)))
        .grantTypes(
            types ->
                replace(
                    types,
                    List.of(
                        "authorization_code",
                        "refresh_token",
                        "client_credentials",
                        AuthorizationGrantType.TOKEN_EXCHANGE.getValue())))
        .scopes(
            scopes ->
                replace(
                    scopes,
                    Stream.concat(Scope.GRANTABLE.stream(), Scope.OF_PLATFORMS.stream())
                        .map(Scope::wire)
                        .distinct()
                        .toList()));
  }

  private static void quickSecrets(AuthenticationProvider provider) {
    if (provider instanceof ClientSecretAuthenticationProvider secrets) {
      secrets.setPasswordEncoder(new ClientSecrets());
    }
  }

  private static void replace(List<String> all, List<String> offered) {
    all.clear();
    all.addAll(offered);
  }

  @Bean
  @Order(3)
  SecurityFilterChain authorizationServerChain(
      HttpSecurity http,
      Applications applications,
      Clients allClients,
      Platforms platforms,
      PlatformTokens platformTokens,
      SigningKeys keys,
      InstantSource clock,
      Authorizations authorizations,
      Consents consents,
      OAuth2TokenGenerator<OAuth2Token> tokens,
      SecurityContextRepository contexts,
      RequestCache interrupted,
      SignIn signIn,
      AnonymousRateLimits anonymousRates) {
    var publicClients = new PublicClients(applications);
    var platformGrants = new PlatformGrants(platforms, platformTokens, keys, clock);
    http.oauth2AuthorizationServer(
            server -> {
              http.securityMatcher(server.getEndpointsMatcher());
              server
                  .registeredClientRepository(allClients)
                  .authorizationService(authorizations)
                  .authorizationConsentService(consents)
                  .tokenGenerator(tokens)
                  .authorizationServerMetadataEndpoint(
                      endpoint ->
                          endpoint.authorizationServerMetadataCustomizer(
                              AuthorizationServer::describe))
                  .authorizationEndpoint(endpoint -> endpoint.consentPage("/oauth2/consent"))
                  .tokenEndpoint(
                      endpoint ->
                          endpoint
                              .accessTokenRequestConverters(all -> all.addFirst(platformGrants))
                              .authenticationProvider(platformGrants))
                  .tokenRevocationEndpoint(
                      endpoint ->
                          endpoint.authenticationProviders(
                              all -> all.replaceAll(NoRevocationOfPlatforms::new)))
                  .tokenIntrospectionEndpoint(
                      endpoint ->
                          endpoint.authenticationProviders(
                              all -> all.addFirst(new OwnTokensOnly(authorizations))))
                  .clientAuthentication(
                      clients ->
                          clients
                              .authenticationConverter(publicClients)
                              .authenticationProviders(
                                  all -> {
                                    all.addFirst(publicClients);
                                    all.forEach(AuthorizationServer::quickSecrets);
                                  }));
            })
        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .addFilterBefore(anonymousRates.clients(), SecurityContextHolderFilter.class)
        .addFilterBefore(anonymousRates.beginnings(), SecurityContextHolderFilter.class)
        .addFilterBefore(signIn.endOld(), SecurityContextHolderFilter.class)
        .cors(Customizer.withDefaults())
        .securityContext(context -> context.securityContextRepository(contexts))
        .requestCache(cache -> cache.requestCache(interrupted))
        .exceptionHandling(
            errors ->
                errors.defaultAuthenticationEntryPointFor(
                    new LoginUrlAuthenticationEntryPoint("/signin"),
                    PathPatternRequestMatcher.pathPattern("/oauth2/authorize")));
    return SecurityConfiguration.pages(http).build();
  }
}
