package dev.behalf.server.apikeys;

import dev.behalf.contract.Environment;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Scope;
import dev.behalf.server.security.UserPrincipal;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The principal of a request with an API key.
 *
 * @param scopes the scopes that both the key and its user have
 * @param isManaged whether this is a managed key, which workers use and the user never sees
 * @param dailyCap the units that the key may cost a day (UTC); null if it has no cap
 */
public record KeyHolder(
    UUID userId,
    Environment environment,
    String keyId,
    Set<Scope> scopes,
    boolean isManaged,
    @Nullable Long dailyCap,
    @Nullable Instant expiresAt)
    implements UserPrincipal {

  @Override
  public AuthenticationScheme scheme() {
    return AuthenticationScheme.API_KEY;
  }

  @Override
  public String credential() {
    return "key " + keyId;
  }

  @Override
  public Environment onlyEnvironment() {
    return environment;
  }

  /** Requests with a managed key are not counted: the fair queue paces their jobs. */
  @Override
  public boolean isCounted() {
    return !isManaged;
  }
}
