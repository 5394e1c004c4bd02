package dev.behalf.web.identity.platforms;

import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Scope;
import dev.behalf.server.security.UserPrincipal;
import java.util.Set;
import java.util.UUID;

/** A platform that acts for one of its users. */
record ActingPrincipal(UUID userId, PlatformClient client, Set<Scope> scopes)
    implements UserPrincipal {

  @Override
  public AuthenticationScheme scheme() {
    return AuthenticationScheme.ACTING;
  }

  @Override
  public String credential() {
    return client.credential();
  }
}
