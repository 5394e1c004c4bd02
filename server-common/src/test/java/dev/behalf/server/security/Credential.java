package dev.behalf.server.security;

import dev.behalf.contract.Environment;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

/** A principal whose properties a test chooses. */
record Credential(
    AuthenticationScheme scheme,
    UUID userId,
    Set<Scope> scopes,
    @Nullable String keyId,
    @Nullable Environment onlyEnvironment,
    boolean isCounted)
    implements UserPrincipal {

  static Credential of(AuthenticationScheme scheme, Scope... scopes) {
    return new Credential(scheme, UUID.randomUUID(), Set.of(scopes), null, null, true);
  }

  static Credential ofUser(UUID userId) {
    return new Credential(AuthenticationScheme.BEARER, userId, Set.of(), null, null, true);
  }

  static Credential ofWorker(UUID userId) {
    return new Credential(AuthenticationScheme.API_KEY, userId, Set.of(), null, null, false);
  }

  @Override
  public String credential() {
    return "test";
  }

  /** Makes this the principal of the current request, as the filters before have done. */
  void signIn() {
    SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken(this, ""));
  }
}
