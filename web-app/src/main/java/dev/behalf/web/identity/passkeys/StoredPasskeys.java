package dev.behalf.web.identity.passkeys;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.UuidV7;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.web.webauthn.api.AuthenticatorTransport;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.CredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutableCredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCose;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialType;
import org.springframework.security.web.webauthn.management.UserCredentialRepository;
import org.springframework.stereotype.Component;

/** The table of passkeys. */
@Component
class StoredPasskeys {

  /** Most passkeys of a user. */
  static final int MOST = 20;

  /** The transports of WebAuthn, level 3; a device may name any others. */
  private static final Set<AuthenticatorTransport> TRANSPORTS =
      Set.of(
          AuthenticatorTransport.USB,
          AuthenticatorTransport.NFC,
          AuthenticatorTransport.BLE,
          AuthenticatorTransport.SMART_CARD,
          AuthenticatorTransport.HYBRID,
          AuthenticatorTransport.INTERNAL);

  private final JdbcClient database;
  private final InstantSource clock;

  StoredPasskeys(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * A passkey as its owner sees it.
   *
   * @param usedAt when it last signed its owner in; null if never
   */
  record Passkey(UUID id, String label, Instant createdAt, @Nullable Instant usedAt) {}

  List<Passkey> list(UUID userId) {
    return database
        .sql(
            "select id, label, created_at, used_at from accounts.passkeys where user_id = ? order by id")
        .param(userId)
        .query(
            (row, index) ->
                new Passkey(
                    row.getObject("id", UUID.class),
                    row.getString("label"),
                    Timestamps.instant(row, "created_at"),
                    Timestamps.instantOrNull(row, "used_at")))
        .list();
  }

  /** Removes a passkey and returns its label; empty if the user has none of this id. */
  Optional<String> remove(UUID userId, UUID id) {
    return database
        .sql("delete from accounts.passkeys where user_id = ? and id = ? returning label")
        .params(userId, id)
        .query(String.class)
        .optional();
  }

  /** Returns the passkeys for registrations: what the library saves is a new one. */
  UserCredentialRepository forRegistration() {
    return new Repository(this::insert);
  }

  /**
   * Returns the passkeys for sign-ins: what the library saves has signed its owner in. One that was
   * removed meanwhile does not come back.
   */
  UserCredentialRepository forSignIn() {
    return new Repository(this::count);
  }

  /**
   * Stores that a passkey has signed its owner in.
   *
   * @throws IllegalStateException if it was removed, or if it has signed no more often than before:
   *     there is a copy of it (WebAuthn, section 6.1.1). Authenticators that do not count always
   *     say 0.
   */
  private void count(CredentialRecord passkey) {
    if (!isCounted(passkey)) {
      throw new IllegalStateException("The passkey is gone, or its counter has not grown.");
    }
  }

  private boolean isCounted(CredentialRecord passkey) {
    return database
            .sql(
                """
                update accounts.passkeys
                set signature_count = :count, backup_state = :backup_state, used_at = :now
                where credential_id = :credential and (signature_count < :count or signature_count = 0 and :count = 0)
                """)
            .param("count", passkey.getSignatureCount())
            .param("backup_state", passkey.isBackupState())
            .param("now", Timestamps.of(clock.instant()))
            .param("credential", passkey.getCredentialId().getBytes())
            .update()
        == 1;
  }

  private void insert(CredentialRecord passkey) {
    // One registration of a user after the other, so that each counts those before it.
    database
        .sql("select 1 from accounts.users where id = ? for update")
        .param(UserHandle.userId(passkey.getUserEntityUserId()))
        .query(Integer.class)
        .optional();
    var isStored =
        database
                .sql(
                    """
                    insert into accounts.passkeys (id, user_id, credential_id, public_key, attestation_object,
                      signature_count, transports, user_verified, backup_eligible, backup_state, label, created_at)
                    select :id, :user, :credential, :public_key, :attestation, :count, :transports, :verified,
                      :backup_eligible, :backup_state, :label, :now
                    where (select count(*) from accounts.passkeys where user_id = :user) < :most
                    """)
                .param("id", UuidV7.at(clock.instant()))
                .param("user", UserHandle.userId(passkey.getUserEntityUserId()))
                .param("credential", passkey.getCredentialId().getBytes())
                .param("public_key", passkey.getPublicKey().getBytes())
                .param(
                    "attestation",
                    Objects.requireNonNull(passkey.getAttestationObject()).getBytes())
                .param("count", passkey.getSignatureCount())
                .param(
                    "transports",
                    passkey.getTransports().stream()
                        .filter(TRANSPORTS::contains)
                        .map(AuthenticatorTransport::getValue)
                        .collect(joining(",")))
                .param("verified", passkey.isUvInitialized())
                .param("backup_eligible", passkey.isBackupEligible())
                .param("backup_state", passkey.isBackupState())
                .param("label", passkey.getLabel())
                .param("now", Timestamps.of(clock.instant()))
                .param("most", MOST)
                .update()
            == 1;
    if (!isStored) {
      throw new IllegalStateException("This user has too many passkeys.");
    }
  }

  /** The table as the library asks for it. */
  private final class Repository implements UserCredentialRepository {

    private final Consumer<CredentialRecord> saving;

    Repository(Consumer<CredentialRecord> saving) {
      this.saving = saving;
    }

    @Override
    public void save(CredentialRecord passkey) {
      saving.accept(passkey);
    }

    @Override
    public @Nullable CredentialRecord findByCredentialId(Bytes credentialId) {
      return database
          .sql("select * from accounts.passkeys where credential_id = ?")
          .param(credentialId.getBytes())
          .query(StoredPasskeys::passkey)
          .optional()
          .orElse(null);
    }

    @Override
    public List<CredentialRecord> findByUserId(Bytes handle) {
      return database
          .sql("select * from accounts.passkeys where user_id = ? order by id")
          .param(UserHandle.userId(handle))
          .query(StoredPasskeys::passkey)
          .list();
    }

    @Override
    public void delete(Bytes credentialId) {
      throw new UnsupportedOperationException("A passkey is removed by its owner and its id.");
    }
  }

  private static CredentialRecord passkey(ResultSet row, int index) throws SQLException {
    return ImmutableCredentialRecord.builder()
        .credentialType(PublicKeyCredentialType.PUBLIC_KEY)
        .credentialId(new Bytes(row.getBytes("credential_id")))
        .userEntityUserId(UserHandle.of(row.getObject("user_id", UUID.class)))
        .publicKey(new ImmutablePublicKeyCose(row.getBytes("public_key")))
        .attestationObject(new Bytes(row.getBytes("attestation_object")))
        .signatureCount(row.getLong("signature_count"))
        .transports(
            Arrays.stream(row.getString("transports").split(","))
                .filter(name -> !name.isEmpty())
                .map(AuthenticatorTransport::valueOf)
                .collect(toSet()))
        .uvInitialized(row.getBoolean("user_verified"))
        .backupEligible(row.getBoolean("backup_eligible"))
        .backupState(row.getBoolean("backup_state"))
        .label(row.getString("label"))
        .created(Timestamps.instant(row, "created_at"))
        .build();
  }
}
