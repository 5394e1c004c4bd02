package dev.behalf.web.identity.platforms;

import dev.behalf.server.security.Scope;
import java.time.Duration;
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
 * A client of a platform that may act now.
 *
 * @param name the name of the platform
 * @param scopes the scopes of the platform
 * @param origins the web origins of the platform's pages; empty means any
 */
public record PlatformClient(
    UUID id,
    UUID platformId,
    String name,
    String clientId,
    String secretHash,
    Set<Scope> scopes,
    List<String> origins) {

  /** How long a token of a platform lives. */
  public static final Duration TOKEN = Duration.ofMinutes(10);

  private static final String PLATFORM = "behalf.platform";

  /** Returns the id alone: the hash of the secret appears in no log. */
  @Override
  public String toString() {
    return clientId;
  }

  public String credential() {
    return Platform.credential(name);
  }

  /** Returns the client for Spring's authorization server. */
  public RegisteredClient registered() {
    return RegisteredClient.withId(id.toString())
        .clientId(clientId)
        .clientName(name)
        .clientSecret(secretHash)
        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
        .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
        .authorizationGrantType(AuthorizationGrantType.TOKEN_EXCHANGE)
        .scopes(names -> scopes.forEach(scope -> names.add(scope.wire())))
        .clientSettings(ClientSettings.builder().setting(PLATFORM, platformId.toString()).build())
        .tokenSettings(
            TokenSettings.builder()
                .accessTokenTimeToLive(TOKEN)
                .accessTokenFormat(OAuth2TokenFormat.SELF_CONTAINED)
                .build())
        .build();
  }

  /** Returns the id of the platform that a client belongs to; null for an application. */
  public static @Nullable UUID platformOf(RegisteredClient client) {
    String id = client.getClientSettings().getSetting(PLATFORM);
    return id == null ? null : UUID.fromString(id);
  }
}
