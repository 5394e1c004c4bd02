package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.server.apikeys.KeyHasher;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.crypto.EncryptedColumns;
import dev.behalf.web.site.crypto.Encryption;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The keys that workers use on behalf of users. Nobody ever sees one; workers request them by job.
 */
@Repository // translates Hibernate's exceptions into Spring's
public class ManagedKeys {

  private final EntityManager entities;
  private final JdbcClient database;
  private final KeyHasher hasher;
  private final Encryption encryption;
  private final AuditLog audit;
  private final InstantSource clock;

  ManagedKeys(
      EntityManager entities,
      JdbcClient database,
      KeyHasher hasher,
      Encryption encryption,
      AuditLog audit,
      InstantSource clock) {
    this.entities = entities;
    this.database = database;
    this.hasher = hasher;
    this.encryption = encryption;
    this.audit = audit;
    this.clock = clock;
  }

  @Bean
  static EncryptedColumns managedKeysAtRest() {
    return new EncryptedColumns(
        "accounts.managed_key_secrets",
        List.of("user_id", "key_id"),
        List.of("ciphertext"),
        id -> about(id.getFirst(), id.getLast()));
  }

  /** Issues a managed key, inside the caller's transaction. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void issue(UUID userId, Environment environment) {
    var key = ApiKeyFormat.generate(environment);
    store(ApiKey.managed(userId, key, hasher.hash(key.secret()), "account", clock.instant()), key);
  }

  /**
   * Replaces a managed key, inside the caller's transaction. Workers get the new key from then on;
   * a worker that still holds the old key asks again when the old key is refused.
   */
  ApiKey rotate(ApiKey old, Overlap overlap, @Nullable Duration silence, Actor actor) {
    var key = ApiKeyFormat.generate(old.environment());
    var now = clock.instant();
    var successor =
        old.successor(key, hasher.hash(key.secret()), ApiKey.Issuer.own(actor.credential()), now);
    old.rotate(successor.keyId, overlap, silence, now);
    store(successor, key);
    audit.write(
        old.userId,
        actor,
        "key.rotated",
        old.keyId,
        Map.of("successor", successor.keyId, "overlap", overlap.wire()));
    return successor;
  }

  private void store(ApiKey row, ApiKeyFormat key) {
    entities.persist(row);
    entities.flush();
    var sealed = encryption.encrypt(about(row.userId, row.keyId), key.reveal());
    database
        .sql(
            """
            insert into accounts.managed_key_secrets (user_id, key_id, ciphertext, master_key_id)
            values (?, ?, ?, ?)
            """)
        .params(row.userId, row.keyId, sealed.ciphertext(), sealed.masterKeyId())
        .update();
  }

  /** A working key in clear text, only for the response to a worker. */
  public record Revealed(String key, String keyId) {
    @Override
    public String toString() {
      return keyId;
    }
  }

  /** Returns the user's newest working key, if there is one. */
  public Optional<Revealed> reveal(UUID userId, Environment environment) {
    return database
        .sql(
            """
            select k.key_id, s.ciphertext
            from accounts.api_keys k join accounts.managed_key_secrets s using (user_id, key_id)
            where k.user_id = :user and k.environment = :environment and k.kind = 'managed'
              and k.revoked_at is null and k.disabled_at is null
              and (k.overlap_until is null or k.overlap_until > :now)
              and (k.expires_at is null or k.expires_at > :now)
            order by k.created_at desc limit 1
            """)
        .param("user", userId)
        .param("environment", environment.wire())
        .param("now", Timestamps.of(clock.instant()))
        .query(
            (row, index) -> {
              var keyId = row.getString("key_id");
              return new Revealed(
                  encryption.decrypt(about(userId, keyId), row.getBytes("ciphertext")), keyId);
            })
        .optional();
  }

  /**
   * Returns the context that binds a ciphertext to its row: it cannot be decrypted for another one.
   */
  private static String about(Object userId, String keyId) {
    return userId + " " + keyId;
  }
}
