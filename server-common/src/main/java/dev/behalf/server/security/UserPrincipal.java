package dev.behalf.server.security;

import dev.behalf.contract.Environment;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The principal of a request that is made in a user's name, by that user or by somebody else. */
public interface UserPrincipal extends RequestPrincipal {

  /** Returns the user in whose name the request is made. */
  UUID userId();

  @Override
  default UUID id() {
    return userId();
  }

  /** Returns the id of the API key; null for any other credential. */
  default @Nullable String keyId() {
    return null;
  }

  /** Returns the environment of an API key; null for any other credential, which may use both. */
  default @Nullable Environment onlyEnvironment() {
    return null;
  }

  /**
   * Returns when the credential expires; null for never. Credentials that it issues must not
   * outlive it.
   */
  default @Nullable Instant expiresAt() {
    return null;
  }
}
