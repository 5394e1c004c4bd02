package dev.behalf.web.identity.oauth;

import dev.behalf.server.security.Door;
import dev.behalf.server.security.Entrant;
import dev.behalf.server.security.Scope;
import java.util.Set;
import java.util.UUID;

/** An application with an access token of a user. */
record TokenHolder(UUID userId, String clientId, Set<Scope> scopes) implements Entrant {

  @Override
  public Door door() {
    return Door.TOKEN;
  }

  @Override
  public String credential() {
    return Application.credential(clientId);
  }
}
