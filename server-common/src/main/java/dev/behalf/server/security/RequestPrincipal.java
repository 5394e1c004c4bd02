package dev.behalf.server.security;

import dev.behalf.contract.Environment;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whoever came through a door: the principal of a request. */
public interface RequestPrincipal {

  AuthenticationScheme scheme();

  /** The user in whose name it comes. */
  UUID userId();

  /** What this credential reaches, at most. */
  Set<Scope> scopes();

  /** What it is called in the audit log: {@code session}, {@code key …}, {@code application …}. */
  String credential();

  /** The id of the key that it is, if it is one. */
  default @Nullable String keyId() {
    return null;
  }

  /** What a key opens; other credentials open both. */
  default @Nullable Environment onlyEnvironment() {
    return null;
  }

  /** What it issues must not outlive it. */
  default @Nullable Instant expiresAt() {
    return null;
  }

  /** Whether its requests are counted against the user's rate; those of workers are not. */
  default boolean isCounted() {
    return true;
  }
}
