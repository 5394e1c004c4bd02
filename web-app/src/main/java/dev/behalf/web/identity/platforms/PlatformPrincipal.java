package dev.behalf.web.identity.platforms;

import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.Scope;
import java.util.Set;
import java.util.UUID;

/** A platform as itself. It is no user: only the routes for a platform's users are open to it. */
record PlatformPrincipal(PlatformClient client, Set<Scope> scopes) implements RequestPrincipal {

  @Override
  public AuthenticationScheme scheme() {
    return AuthenticationScheme.PLATFORM;
  }

  @Override
  public UUID id() {
    return client.platformId();
  }

  @Override
  public String credential() {
    return client.credential();
  }
}
