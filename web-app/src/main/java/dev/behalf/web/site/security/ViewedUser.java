package dev.behalf.web.site.security;

import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Scope;
import dev.behalf.server.security.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/** A user whose pages an operator is viewing. */
public record ViewedUser(UUID userId, String email) implements UserPrincipal {

  static final String CREDENTIAL = "operator";

  static final Set<Scope> ONLY_READ =
      EnumSet.of(Scope.JOBS_READ, Scope.USAGE_READ, Scope.KEYS_READ, Scope.WEBHOOKS_READ);

  @Override
  public AuthenticationScheme scheme() {
    return AuthenticationScheme.SESSION;
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
