package dev.behalf.web.keys;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.keyauth.KeyHasher;
import jakarta.persistence.EntityManager;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The keys that workers use in a user's name. Nobody ever sees one; workers ask for them by job.
 */
@Component
public class ManagedKeys {

  private final EntityManager entities;
  private final JdbcClient database;
  private final KeyHasher hasher;
  private final Vault vault;
  private final InstantSource clock;

  ManagedKeys(
      EntityManager entities,
      JdbcClient database,
      KeyHasher hasher,
      Vault vault,
      InstantSource clock) {
    this.entities = entities;
    this.database = database;
    this.hasher = hasher;
    this.vault = vault;
    this.clock = clock;
  }

  /** Issues one, inside the caller's transaction. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void issue(UUID userId, Environment environment) {
    var key = ApiKeyFormat.generate(environment);
    entities.persist(ApiKey.managed(userId, key, hasher.hash(key.secret()), clock.instant()));
    entities.flush();
    database
        .sql(
            "insert into accounts.managed_key_secrets (user_id, key_id, ciphertext) values (?, ?, ?)")
        .params(userId, key.keyId(), vault.encrypt(userId, key.keyId(), key.reveal()))
        .update();
  }

  /** A key that works now, in clear text: for the answer to a worker and for nothing else. */
  public record Revealed(String key, String keyId) {
    @Override
    public String toString() {
      return keyId;
    }
  }

  /** The user's newest key that works, if there is one. */
  public Optional<Revealed> reveal(UUID userId, Environment environment) {
    return database
        .sql(
            """
            select k.key_id, s.ciphertext
            from accounts.api_keys k join accounts.managed_key_secrets s using (user_id, key_id)
            where k.user_id = :user and k.environment = :environment and k.kind = 'managed'
              and k.revoked_at is null and k.disabled_at is null
              and (k.expires_at is null or k.expires_at > :now)
            order by k.created_at desc limit 1
            """)
        .param("user", userId)
        .param("environment", environment.wire())
        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
        .query(
            (row, index) -> {
              var keyId = row.getString("key_id");
              return new Revealed(vault.decrypt(userId, keyId, row.getBytes("ciphertext")), keyId);
            })
        .optional();
  }
}
