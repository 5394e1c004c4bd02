package dev.behalf.web.identity.oauth;

import dev.behalf.web.identity.platforms.PlatformClient;
import dev.behalf.web.identity.platforms.Platforms;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.stereotype.Component;

/** The clients of the authorization server: applications and platforms. */
@Component
class Clients implements RegisteredClientRepository {

  private final Applications applications;
  private final Platforms platforms;

  Clients(Applications applications, Platforms platforms) {
    this.applications = applications;
    this.platforms = platforms;
  }

  @Override
  public @Nullable RegisteredClient findById(String id) {
    var uuid = UUID.fromString(id);
    return applications
        .byId(uuid)
        .map(Application::registered)
        .or(() -> platforms.byId(uuid).map(PlatformClient::registered))
        .orElse(null);
  }

  @Override
  public @Nullable RegisteredClient findByClientId(String clientId) {
    return applications
        .byClientId(clientId)
        .map(Application::registered)
        .or(() -> platforms.client(clientId).map(PlatformClient::registered))
        .orElse(null);
  }

  /** Stores a secret's hash: Spring's server saves a client only to hash its secret anew. */
  @Override
  public void save(RegisteredClient client) {
    applications.rehash(UUID.fromString(client.getId()), client.getClientSecret());
  }
}
