package dev.behalf.keyauth;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.keyauth.KeyCheck.Accepted;
import dev.behalf.keyauth.KeyCheck.Reason;
import dev.behalf.keyauth.KeyCheck.Refused;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Checks a presented key in this order: shape and checksum, cache, one indexed read, hash in
 * constant time, state. An answer of the database, also that there is no such key, is kept for
 * {@link #MAX_AGE}: so long a revoked key can go on working.
 */
public final class ApiKeys {

  /** The bound of promise 5: a revoked key is refused everywhere within a second. */
  static final Duration MAX_AGE = Duration.ofMillis(700);

  private static final int MAX_CACHED = 100_000;

  private final JdbcClient database;
  private final KeyHasher hasher;
  private final InstantSource clock;
  private final LoadingCache<String, Optional<StoredKey>> stored;

  public ApiKeys(JdbcClient database, KeyHasher hasher, InstantSource clock) {
    this.database = database;
    this.hasher = hasher;
    this.clock = clock;
    this.stored =
        Caffeine.newBuilder().maximumSize(MAX_CACHED).expireAfterWrite(MAX_AGE).build(this::read);
  }

  public KeyCheck check(String presented) {
    var parsed = ApiKeyFormat.parse(presented).orElse(null);
    if (parsed == null) {
      return new Refused(Reason.MALFORMED, null, null);
    }
    var key = stored.get(parsed.keyId()).orElse(null);
    if (key == null || key.environment() != parsed.environment()) {
      return refused(Reason.UNKNOWN, parsed);
    }
    if (!hasher.matches(key.hash(), parsed.secret())) {
      return refused(Reason.WRONG_SECRET, parsed);
    }
    return key.refusal(clock.instant())
        .<KeyCheck>map(reason -> refused(reason, parsed))
        .orElseGet(() -> new Accepted(key.holder()));
  }

  private static Refused refused(Reason reason, ApiKeyFormat parsed) {
    return new Refused(reason, parsed.environment(), parsed.keyId());
  }

  private Optional<StoredKey> read(String keyId) {
    return database
        .sql(
            """
            select user_id, key_id, environment, pepper_id, hash, scopes, expires_at, disabled_at, revoked_at
            from accounts.api_keys where key_id = ?
            """)
        .param(keyId)
        .query(ApiKeys::storedKey)
        .optional();
  }

  private static StoredKey storedKey(ResultSet row, int index) throws SQLException {
    return new StoredKey(
        row.getObject("user_id", UUID.class),
        row.getString("key_id"),
        Environment.of(row.getString("environment")),
        new KeyHasher.Hash(row.getString("pepper_id"), row.getString("hash")),
        Set.of(row.getString("scopes").split(" ")),
        instant(row, "expires_at"),
        instant(row, "disabled_at"),
        instant(row, "revoked_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
