package dev.behalf.web.site.security;

import dev.behalf.server.security.Door;
import dev.behalf.server.security.Entrant;
import dev.behalf.server.security.Scope;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/** A user whose pages an operator looks at. */
public record Viewed(UUID userId, String email) implements Entrant {

  static final String CREDENTIAL = "operator";

  private static final Set<Scope> ONLY_READ =
      EnumSet.of(Scope.JOBS_READ, Scope.USAGE_READ, Scope.KEYS_READ, Scope.WEBHOOKS_READ);

  @Override
  public Door door() {
    return Door.SESSION;
  }

  @Override
  public Set<Scope> scopes() {
    return ONLY_READ;
  }

  @Override
  public String credential() {
    return CREDENTIAL;
  }
}
