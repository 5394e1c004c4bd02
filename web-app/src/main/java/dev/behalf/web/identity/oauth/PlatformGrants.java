package dev.behalf.web.identity.oauth;

import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.web.identity.platforms.PlatformClient;
import dev.behalf.web.identity.platforms.PlatformTokens;
import dev.behalf.web.identity.platforms.Platforms;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationGrantAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.context.AuthorizationServerContextHolder;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * The token requests of platforms: as itself (client credentials), or for one of its users (token
 * exchange, RFC 8693). In an exchange the subject token is the user's external id, which needs no
 * proof: the platform says who its users are. Spring's own exchange takes only tokens that it has
 * issued. It is not a bean, because Spring would then check passwords with it.
 */
final class PlatformGrants implements AuthenticationConverter, AuthenticationProvider {

  static final String EXTERNAL_ID = "urn:behalf:token-type:external-id";

  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

  private final Platforms platforms;
  private final PlatformTokens tokens;
  private final SigningKeys keys;
  private final JwtEncoder encoder;
  private final InstantSource clock;

  PlatformGrants(
      Platforms platforms, PlatformTokens tokens, SigningKeys keys, InstantSource clock) {
    this.platforms = platforms;
    this.tokens = tokens;
    this.keys = keys;
    this.encoder = new NimbusJwtEncoder(keys);
    this.clock = clock;
  }

  /** A request for a token that acts for a user. */
  private static final class Exchange extends OAuth2AuthorizationGrantAuthenticationToken {
    private final String externalId;
    private final Set<Scope> asked;

    Exchange(Authentication client, String externalId, Set<Scope> asked) {
      super(AuthorizationGrantType.TOKEN_EXCHANGE, client, Map.of());
      this.externalId = externalId;
      this.asked = Set.copyOf(asked);
    }
  }

  @Override
  public @Nullable Authentication convert(HttpServletRequest request) {
    if (!(SecurityContextHolder.getContext().getAuthentication()
            instanceof OAuth2ClientAuthenticationToken client)
        || client.getRegisteredClient() == null
        || PlatformClient.platformOf(client.getRegisteredClient()) == null) {
      return null;
    }
    var type = request.getParameter("grant_type");
    if (AuthorizationGrantType.CLIENT_CREDENTIALS.getValue().equals(type)) {
      return asItself(client, client.getRegisteredClient(), request);
    }
    return AuthorizationGrantType.TOKEN_EXCHANGE.getValue().equals(type)
        ? exchange(client, request)
        : null;
  }

  /** Returns a request for all scopes of the platform, if it names none. */
  private static @Nullable Authentication asItself(
      Authentication client, RegisteredClient registered, HttpServletRequest request) {
    return request.getParameter("scope") == null
        ? new OAuth2ClientCredentialsAuthenticationToken(client, registered.getScopes(), Map.of())
        : null;
  }

  private static Exchange exchange(Authentication client, HttpServletRequest request) {
    if (!EXTERNAL_ID.equals(request.getParameter("subject_token_type"))) {
      throw refusal(
          OAuth2ErrorCodes.INVALID_REQUEST, "Set subject_token_type to " + EXTERNAL_ID + ".");
    }
    var wanted = request.getParameter("requested_token_type");
    if (wanted != null && !wanted.equals(ACCESS_TOKEN)) {
      throw refusal(
          OAuth2ErrorCodes.INVALID_REQUEST, "Leave requested_token_type out, or set access_token.");
    }
    if (request.getParameter("actor_token") != null) {
      throw refusal(
          OAuth2ErrorCodes.INVALID_REQUEST, "Leave actor_token out: the client itself acts.");
    }
    var subjects = request.getParameterValues("subject_token");
    if (subjects == null || subjects.length != 1) {
      throw refusal(
          OAuth2ErrorCodes.INVALID_REQUEST, "Set subject_token to the user's external id, once.");
    }
    return new Exchange(client, subjects[0], scopes(request.getParameter("scope")));
  }

  /** Returns the scopes that a request names; none if it names none. */
  private static Set<Scope> scopes(@Nullable String words) {
    var asked = Objects.requireNonNullElse(words, "").strip();
    var scopes = Scope.parse(asked);
    if (!asked.isEmpty() && scopes.size() != new HashSet<>(List.of(asked.split("\\s+"))).size()) {
      throw refusal(OAuth2ErrorCodes.INVALID_SCOPE, "A scope is unknown.");
    }
    return scopes;
  }

  @Override
  public @Nullable Authentication authenticate(Authentication authentication) {
    var exchange = (Exchange) authentication;
    var client = (OAuth2ClientAuthenticationToken) exchange.getPrincipal();
    var registered = Objects.requireNonNull(client.getRegisteredClient());
    var platform =
        platforms
            .client(registered.getClientId())
            .orElseThrow(() -> refusal(OAuth2ErrorCodes.INVALID_CLIENT, "The platform has ended."));
    var userId = userOf(platform, exchange.externalId);
    var most = PlatformTokens.granted(platform.scopes());
    var scopes = exchange.asked.isEmpty() ? most : Scope.both(exchange.asked, most);
    if (scopes.isEmpty()) {
      throw refusal(
          OAuth2ErrorCodes.INVALID_SCOPE,
          "The platform may have none of these scopes when it acts for a user.");
    }
    return new OAuth2AccessTokenAuthenticationToken(
        registered,
        client,
        token(platform, userId, scopes),
        null,
        Map.of("issued_token_type", ACCESS_TOKEN));
  }

  private UUID userOf(PlatformClient platform, String externalId) {
    try {
      return tokens.userOf(platform, externalId);
    } catch (Problem unknown) {
      throw refusal(OAuth2ErrorCodes.INVALID_REQUEST, unknown.detail());
    }
  }

  private OAuth2AccessToken token(PlatformClient platform, UUID userId, Set<Scope> scopes) {
    var now = clock.instant();
    var expiresAt = now.plus(PlatformClient.TOKEN);
    var header =
        JwsHeader.with(SignatureAlgorithm.ES256)
            .keyId(keys.current())
            .type(AccessTokens.TYPE)
            .build();
    var claims =
        JwtClaimsSet.builder()
            .issuer(AuthorizationServerContextHolder.getContext().getIssuer())
            .subject(userId.toString())
            .audience(List.of(AccessTokens.AUDIENCE))
            .id(UUID.randomUUID().toString())
            .issuedAt(now)
            .expiresAt(expiresAt)
            .claim("client_id", platform.clientId())
            .claim("scope", Scope.format(scopes))
            .claim(PlatformTokens.PLATFORM, platform.name())
            .claim(PlatformTokens.ACT, Map.of("sub", platform.credential()))
            .build();
    return new OAuth2AccessToken(
        OAuth2AccessToken.TokenType.BEARER,
        encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue(),
        now,
        expiresAt,
        scopes.stream().map(Scope::wire).collect(Collectors.toSet()));
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return Exchange.class.isAssignableFrom(authentication);
  }

  private static OAuth2AuthenticationException refusal(String code, String sentence) {
    return new OAuth2AuthenticationException(new OAuth2Error(code, sentence, null));
  }
}
