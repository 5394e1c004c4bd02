package dev.behalf.web.identity.oauth;

import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Scope;
import dev.behalf.server.security.UserPrincipal;
import java.util.Set;
import java.util.UUID;

/** An application that calls with a user's access token. */
record TokenHolder(UUID userId, String clientId, Set<Scope> scopes) implements UserPrincipal {

  @Override
  public AuthenticationScheme scheme() {
    return AuthenticationScheme.BEARER;
  }

  @Override
  public String credential() {
    return Application.credential(clientId);
  }
}
