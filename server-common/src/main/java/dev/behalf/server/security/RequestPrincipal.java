package dev.behalf.server.security;

import java.util.Set;
import java.util.UUID;

/** The principal of a request: an authenticated credential. */
public interface RequestPrincipal {

  AuthenticationScheme scheme();

  /** Returns the id under which requests are counted: that of the user or of the platform. */
  UUID id();

  /** Returns the scopes of the credential, the most that it may use. */
  Set<Scope> scopes();

  /**
   * Returns the name of the credential in the audit log: {@code session}, {@code key …}, {@code
   * application …}, {@code platform …}.
   */
  String credential();

  /** Returns whether the requests count towards the rate limit; those of workers do not. */
  default boolean isCounted() {
    return true;
  }
}
