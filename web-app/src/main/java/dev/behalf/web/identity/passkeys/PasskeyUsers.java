package dev.behalf.web.identity.passkeys;

import dev.behalf.web.identity.accounts.Accounts;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.management.PublicKeyCredentialUserEntityRepository;
import org.springframework.stereotype.Component;

/** The users as authenticators know them: an id, and the e-mail address for people to read. */
@Component
class PasskeyUsers implements PublicKeyCredentialUserEntityRepository {

  private final Accounts accounts;

  PasskeyUsers(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public @Nullable PublicKeyCredentialUserEntity findById(Bytes handle) {
    return find(UserHandle.userId(handle));
  }

  /** Finds a user by the name of a session: the user's id. */
  @Override
  public @Nullable PublicKeyCredentialUserEntity findByUsername(String userId) {
    return find(UUID.fromString(userId));
  }

  private @Nullable PublicKeyCredentialUserEntity find(UUID userId) {
    return accounts
        .signedIn(userId)
        .map(
            user ->
                ImmutablePublicKeyCredentialUserEntity.builder()
                    .id(UserHandle.of(userId))
                    .name(user.email())
                    .displayName(user.email())
                    .build())
        .orElse(null);
  }

  @Override
  public void save(PublicKeyCredentialUserEntity user) {
    throw new UnsupportedOperationException("Users are made by sign-up.");
  }

  @Override
  public void delete(Bytes handle) {
    throw new UnsupportedOperationException("Users are deleted with their accounts.");
  }
}
