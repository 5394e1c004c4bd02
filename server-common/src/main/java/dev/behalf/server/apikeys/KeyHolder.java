package dev.behalf.server.apikeys;

import dev.behalf.contract.Environment;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.Scope;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who a key stands for, and what this key may do of what the user may do.
 *
 * @param isManaged a worker's, never seen by the user
 * @param dailyCap units of a day that this key may cost, if it has a cap
 */
public record KeyHolder(
    UUID userId,
    Environment environment,
    String keyId,
    Set<Scope> scopes,
    boolean isManaged,
    @Nullable Long dailyCap,
    @Nullable Instant expiresAt)
    implements RequestPrincipal {

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

  /** Jobs are paced by their turn. */
  @Override
  public boolean isCounted() {
    return !isManaged;
  }
}
