package dev.behalf.web.identity.oauth;

import dev.behalf.web.identity.platforms.PlatformClient;
import dev.behalf.web.identity.platforms.Platforms;
import java.util.Optional;
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
    return registered(applications.byId(uuid), platforms.byId(uuid));
  }

  @Override
  public @Nullable RegisteredClient findByClientId(String clientId) {
    return registered(applications.byClientId(clientId), platforms.client(clientId));
  }

  /** Stores a secret's hash: Spring's server saves a client only to hash its secret anew. */
  @Override
  public void save(RegisteredClient client) {
    applications.rehash(UUID.fromString(client.getId()), client.getClientSecret());
  }

  private static @Nullable RegisteredClient registered(
      Optional<Application> application, Optional<PlatformClient> platform) {
    return application
        .map(Application::registered)
        .or(() -> platform.map(PlatformClient::registered))
        .orElse(null);
  }
}
