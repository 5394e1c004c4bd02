package dev.behalf.web.identity.oauth;

import dev.behalf.server.security.Scope;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/**
 * An application that a developer has registered.
 *
 * @param developer id of the user who registered it
 * @param secretHash null for a public client, in a browser or on a phone, which cannot keep a
 *     secret
 */
public record Application(
    UUID id,
    UUID developer,
    String clientId,
    @Nullable String secretHash,
    String name,
    List<URI> redirectUris,
    Set<Scope> scopes,
    Instant createdAt) {

  private static final Duration CODE = Duration.ofMinutes(1);
  private static final Duration ACCESS = Duration.ofMinutes(10);
  private static final Duration REFRESH = Duration.ofDays(30);

  public boolean isPublic() {
    return secretHash == null;
  }

  /** Returns the application's name in the audit log. */
  static String credential(String clientId) {
    return "application " + clientId;
  }

  /**
   * Returns the client for Spring's authorization server: code with PKCE for all, consent, and
   * refresh tokens that are exchanged at each use. A public client's access token is a JWT, a
   * confidential client's an opaque reference.
   */
  RegisteredClient registered() {
    var client =
        RegisteredClient.withId(id.toString())
            .clientId(clientId)
            .clientName(name)
            .clientIdIssuedAt(createdAt)
            .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
            .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
            .redirectUris(uris -> redirectUris.forEach(uri -> uris.add(uri.toString())))
            .scopes(names -> scopes.forEach(scope -> names.add(scope.wire())))
            .clientSettings(
                ClientSettings.builder()
                    .requireProofKey(true)
                    .requireAuthorizationConsent(true)
                    .build())
            .tokenSettings(
                TokenSettings.builder()
                    .authorizationCodeTimeToLive(CODE)
                    .accessTokenTimeToLive(ACCESS)
                    .accessTokenFormat(
                        isPublic() ? OAuth2TokenFormat.SELF_CONTAINED : OAuth2TokenFormat.REFERENCE)
                    .refreshTokenTimeToLive(REFRESH)
                    .reuseRefreshTokens(false)
                    .build());
    return (secretHash == null
            ? client.clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
            : client
                .clientSecret(secretHash)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST))
        .build();
  }
}
