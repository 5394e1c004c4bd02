package dev.behalf.server.security;

import dev.behalf.contract.Environment;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The principal of a request: an authenticated credential and its user. */
public interface RequestPrincipal {

  AuthenticationScheme scheme();

  /** Returns the user in whose name the request is made. */
  UUID userId();

  /** Returns the scopes of the credential, the most that it may use. */
  Set<Scope> scopes();

  /**
   * Returns the name of the credential in the audit log: {@code session}, {@code key …}, {@code
   * application …}.
   */
  String credential();

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

  /** Returns whether the requests count towards the user's rate limit; those of workers do not. */
  default boolean isCounted() {
    return true;
  }
}
