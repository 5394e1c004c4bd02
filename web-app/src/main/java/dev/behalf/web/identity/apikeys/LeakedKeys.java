package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.StorableText;
import dev.behalf.server.apikeys.ApiKeys;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Handles reports of keys that were found in public. Showing the key proves the report. The owner
 * sees the report. The key is revoked if the owner has chosen so; a managed key always is, since
 * its revocation costs no job. No other key is affected.
 */
@Repository
class LeakedKeys {

  private static final int MAX_SOURCE = 500;

  private final EntityManager entities;
  private final JdbcClient database;
  private final ApiKeys keys;
  private final Keys moves;
  private final AuditLog audit;
  private final Outbox outbox;
  private final InstantSource clock;

  LeakedKeys(
      EntityManager entities,
      JdbcClient database,
      ApiKeys keys,
      Keys moves,
      AuditLog audit,
      Outbox outbox,
      InstantSource clock) {
    this.entities = entities;
    this.database = database;
    this.keys = keys;
    this.moves = moves;
    this.audit = audit;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Records a report and returns whether the token is a key of this system, working or not. */
  @Transactional
  public boolean report(String token, @Nullable String source, Actor reporter) {
    var found = keys.identify(token).orElse(null);
    if (found == null) {
      return false;
    }
    var id = new ApiKey.Key(found.userId(), found.keyId());
    var key = entities.find(ApiKey.class, id, LockModeType.PESSIMISTIC_WRITE);
    if (key == null) {
      return false;
    }
    if (key.leakedAt == null) {
      key.leakedAt = clock.instant();
      key.leakSource = shortened(source);
      audit.write(
          key.userId,
          reporter,
          "key.leak_reported",
          key.keyId,
          Map.of("source", Objects.requireNonNullElse(key.leakSource, "")));
      outbox.tell(
          key.userId,
          MailKind.KEY_LEAKED,
          List.of(key.name, key.keyId, Objects.requireNonNullElse(key.leakSource, "–")),
          "leak " + key.keyId);
    }
    if (key.state(clock.instant()).works() && (key.isManaged() || ownerWantsIt(found))) {
      moves.revoke(reporter, key);
    }
    return true;
  }

  private boolean ownerWantsIt(ApiKeys.Identity key) {
    return database
        .sql("select revoke_leaked from accounts.users where id = ?")
        .param(key.userId())
        .query(Boolean.class)
        .single();
  }

  private static @Nullable String shortened(@Nullable String source) {
    return source == null ? null : StorableText.shortened(source, MAX_SOURCE);
  }
}
