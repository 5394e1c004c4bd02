package dev.behalf.web.identity.oauth;

import dev.behalf.doors.Door;
import dev.behalf.doors.Entrant;
import dev.behalf.doors.Scope;
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
