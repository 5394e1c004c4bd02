package dev.behalf.web.identity.apikeys;

import dev.behalf.server.apikeys.KeyUsage;
import dev.behalf.server.problem.Problems;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** Changes keys by schedule: ends overlaps, and rotates managed keys at their maximum age. */
@Repository
class Rotations {

  /**
   * Maximum number of keys per run, in random order, so that keys that fail do not block others for
   * ever.
   */
  private static final int BATCH = 100;

  /** How far the stored last use can be behind, with 30 s for the write itself. */
  private static final Duration USE_LAG = KeyUsage.QUIET.plusSeconds(30);

  private final EntityManager entities;
  private final JdbcClient database;
  private final ManagedKeys managed;
  private final AuditLog audit;
  private final TransactionTemplate transaction;
  private final InstantSource clock;
  private final ApplicationEventPublisher events;
  private final Duration managedAge;

  Rotations(
      EntityManager entities,
      JdbcClient database,
      ManagedKeys managed,
      AuditLog audit,
      TransactionTemplate transaction,
      InstantSource clock,
      ApplicationEventPublisher events,
      @Value("${behalf.keys.managed-age}") Duration managedAge) {
    this.entities = entities;
    this.database = database;
    this.managed = managed;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
    this.events = events;
    this.managedAge = managedAge;
  }

  /**
   * Revokes keys whose overlap is over, which are refused from that moment anyway. A key that waits
   * for silence ends only here.
   */
  @Scheduled(fixedDelayString = "5s")
  void endOverlaps() {
    var now = clock.instant();
    database
        .sql(
            """
            select k.user_id, k.key_id from accounts.api_keys k
            left join accounts.key_last_used l using (user_id, key_id)
            where k.rotated_at is not null and k.revoked_at is null
              and (k.overlap_until <= :now
                or greatest(k.rotated_at, l.used_at) + k.silence * interval '1 second' <= :used_before)
            order by random() limit :batch
            """)
        .param("now", Timestamps.of(now))
        .param("used_before", Timestamps.of(now.minus(USE_LAG)))
        .param("batch", BATCH)
        .query((row, index) -> key(row))
        .list()
        .forEach(key -> alone(key, () -> endOverlap(key, now)));
  }

  /** Rotates managed keys by schedule, with an overlap longer than any worker keeps a key. */
  @Scheduled(fixedDelayString = "${behalf.keys.rotate-every:1m}")
  void rotateManaged() {
    database
        .sql(
            """
            select user_id, key_id from accounts.api_keys
            where kind = 'managed' and rotated_at is null and revoked_at is null and created_at <= ?
            order by random() limit ?
            """)
        .params(Timestamps.of(clock.instant().minus(managedAge)), BATCH)
        .query((row, index) -> key(row))
        .list()
        .forEach(key -> alone(key, () -> rotate(key)));
  }

  /** Changes one key in its own transaction: a key that fails must not block the others. */
  private void alone(ApiKey.Key key, Runnable move) {
    try {
      transaction.executeWithoutResult(status -> move.run());
    } catch (RuntimeException failed) {
      if (Problems.isTransient(failed)) {
        throw failed;
      }
      events.publishEvent(new RotationFailed(key.userId(), key.keyId(), failed));
    }
  }

  /**
   * Ends an overlap if that is still due under the lock: another replica or the user may have been
   * faster.
   */
  private void endOverlap(ApiKey.Key id, Instant since) {
    var key = entities.find(ApiKey.class, id, LockModeType.PESSIMISTIC_WRITE);
    var now = clock.instant();
    if (key != null
        && key.rotatedAt != null
        && !key.rotatedAt.isAfter(since)
        && key.revokedAt == null
        && (key.overlapUntil == null || !key.overlapUntil.isAfter(now))) {
      key.revokedAt = key.overlapUntil == null ? now : key.overlapUntil;
      audit.write(id.userId(), Actor.SYSTEM, "key.overlap_ended", id.keyId(), Map.of());
    }
  }

  private void rotate(ApiKey.Key id) {
    var key = entities.find(ApiKey.class, id, LockModeType.PESSIMISTIC_WRITE);
    var now = clock.instant();
    if (key != null
        && key.state(now) == KeyState.ACTIVE
        && !key.createdAt.isAfter(now.minus(managedAge))) {
      managed.rotate(key, Overlap.MINUTES_15, null, Actor.SYSTEM);
    }
  }

  private static ApiKey.Key key(java.sql.ResultSet row) throws java.sql.SQLException {
    return new ApiKey.Key(row.getObject("user_id", UUID.class), row.getString("key_id"));
  }
}
