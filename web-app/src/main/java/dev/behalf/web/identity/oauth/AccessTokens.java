package dev.behalf.web.identity.oauth;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.Scope;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.identity.platforms.PlatformTokens;
import dev.behalf.web.identity.watchtokens.WatchTokens;
import dev.behalf.web.site.security.TokenCheck;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Authenticates requests with tokens. A JWT must have a valid signature before anything is looked
 * up. Both kinds of an application's token must then be in the database: a revoked token is refused
 * within a second, although a JWT could be verified without a look-up.
 */
@Component
class AccessTokens implements TokenCheck {

  /** The JWT type of access tokens (RFC 9068). */
  static final String TYPE = "at+jwt";

  static final String AUDIENCE = "behalf";

  /** How long a look-up is cached; the same bound as for keys. */
  private static final Duration MAX_AGE = Duration.ofMillis(700);

  private static final Pattern OPAQUE = Pattern.compile("[A-Za-z0-9_-]{128}");
  private static final Pattern JWT = Pattern.compile("[\\w-]{1,500}\\.[\\w-]{1,4000}\\.[\\w-]{86}");

  private final PlatformTokens platforms;
  private final WatchTokens watching;
  private final JdbcClient database;
  private final InstantSource clock;
  private final DefaultJWTProcessor<SecurityContext> signatures = new DefaultJWTProcessor<>();
  private final LoadingCache<String, Optional<TokenHolder>> holders =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(MAX_AGE).build(this::read);

  AccessTokens(
      PlatformTokens platforms,
      WatchTokens watching,
      JdbcClient database,
      SigningKeys keys,
      InstantSource clock) {
    this.platforms = platforms;
    this.watching = watching;
    this.database = database;
    this.clock = clock;
    signatures.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType(TYPE)));
    signatures.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, keys));
    signatures.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            AUDIENCE, new JWTClaimsSet.Builder().build(), Set.of("sub", "exp")));
  }

  @Override
  public RequestPrincipal check(Presented token) {
    var claims = claims(token.text());
    if (claims != null && claims.getClaim(PlatformTokens.PLATFORM) != null) {
      return platforms.principal(claims, token.onBehalfOf());
    }
    Optional<? extends RequestPrincipal> principal =
        claims != null || OPAQUE.matcher(token.text()).matches()
            ? holders.get(Authorizations.hash(token.text()))
            : watching.find(token.text());
    return principal.orElseThrow(
        () ->
            new Problem(
                ProblemCode.TOKEN_INVALID,
                "The access token is malformed, expired or revoked: get a new one."));
  }

  /**
   * Returns the claims of a JWT that was signed here and has not expired; null for other tokens.
   */
  private @Nullable JWTClaimsSet claims(String token) {
    if (!JWT.matcher(token).matches()) {
      return null;
    }
    try {
      return signatures.process(token, null);
    } catch (ParseException | BadJOSEException | JOSEException wrong) {
      return null;
    }
  }

  private Optional<TokenHolder> read(String hash) {
    return database
        .sql(
            """
            select o.user_id, a.client_id, coalesce(o.access_token_scopes, '') as scopes
            from accounts.oauth2_authorization o join accounts.applications a on a.id = o.application_id
            where o.access_token_value = ? and o.access_token_expires_at > ?
              and (o.access_token_metadata::jsonb ->> 'metadata.token.invalidated')::boolean is not true
            """)
        .params(hash, Timestamps.of(clock.instant()))
        .query(
            (row, index) ->
                new TokenHolder(
                    row.getObject("user_id", UUID.class),
                    row.getString("client_id"),
                    Scope.both(
                        Scope.GRANTABLE, Scope.parse(row.getString("scopes").replace(',', ' ')))))
        .optional();
  }
}
