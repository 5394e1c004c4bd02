package dev.behalf.server.apikeys;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.behalf.batch.GroupCommit;
import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.server.apikeys.KeyCheck.Accepted;
import dev.behalf.server.apikeys.KeyCheck.Client;
import dev.behalf.server.apikeys.KeyCheck.Reason;
import dev.behalf.server.apikeys.KeyCheck.Refused;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.server.security.Scope;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.start.WarmUp;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/**
 * Checks a presented key in this order: shape and checksum, cache, one indexed read, hash in
 * constant time, state. The cache keeps what the database answered, including that a key does not
 * exist, until a notification reports a change and for at most {@link #MAX_AGE}. If that
 * notification is lost, a revoked key still works for up to this time.
 *
 * <p>A key in steady use is read again beside its requests, together with the others that are: no
 * request waits for it.
 */
public final class ApiKeys implements Notifications.Listener, WarmUp, AutoCloseable {

  /**
   * Maximum age of a cached key. It keeps promise 5: every server refuses a revoked key within 1 s.
   */
  static final Duration MAX_AGE = Duration.ofMillis(700);

  /** The channel on which a trigger sends the id of each changed key. */
  private static final String CHANGED = "behalf_key_changed";

  private static final int MAX_CACHED = 100_000;

  /** The age at which a request lets its key be read again. */
  private static final Duration REFRESH_AGE = MAX_AGE.dividedBy(2);

  /** What was read more slowly says too little about the present to be kept for another while. */
  private static final Duration MAX_READ = Duration.ofMillis(200);

  private static final GroupCommit.Bounds<String> REFRESHES =
      new GroupCommit.Bounds<>(1_000, 10_000, 1_000, 11_000, keyId -> 1);

  private static final String READ =
      """
      select k.user_id, k.key_id, k.kind, k.environment, k.hash_scheme, k.pepper_id, k.hash, k.scopes,
             u.scopes as user_scopes, k.networks, k.daily_cap,
             k.expires_at, k.disabled_at, k.overlap_until, k.revoked_at
      from accounts.api_keys k join accounts.users u on u.id = k.user_id
      """;

  private final JdbcClient database;
  private final KeyHasher hasher;
  private final InstantSource clock;
  private final GroupCommit<String, Optional<StoredKey>> refreshes;
  private final LoadingCache<String, Optional<StoredKey>> stored;

  public ApiKeys(
      JdbcClient database, Notifications notifications, KeyHasher hasher, InstantSource clock) {
    this.database = database;
    this.hasher = hasher;
    this.clock = clock;
    this.refreshes = new GroupCommit<>("keys", REFRESHES, failed -> false, this::readAgain);
    this.stored =
        Caffeine.newBuilder()
            .maximumSize(MAX_CACHED)
            .expireAfterWrite(MAX_AGE)
            .refreshAfterWrite(REFRESH_AGE)
            .build(new Reader());
    notifications.listen(CHANGED, this);
  }

  public KeyCheck check(String text, Client client) {
    var presented = PresentedKey.parse(text).orElse(null);
    if (presented == null) {
      return new Refused(Reason.MALFORMED, null, null, null, client);
    }
    var key = stored.get(presented.keyId()).orElse(null);
    if (key == null
        || (presented.environment() != null && key.environment() != presented.environment())) {
      return new Refused(Reason.UNKNOWN, presented.environment(), presented.keyId(), null, client);
    }
    if (!hasher.matches(key.hash(), presented)) {
      return new Refused(Reason.WRONG_SECRET, key.environment(), key.keyId(), null, client);
    }
    var reason = key.refusal(clock.instant(), client.address());
    if (reason.isPresent()) {
      return new Refused(reason.get(), key.environment(), key.keyId(), key.userId(), client);
    }
    adopt(key, presented);
    return new Accepted(key.holder(), client);
  }

  /** Checks a key that does not exist, and the hash of its secret. */
  @Override
  public void warmUp() {
    var key = ApiKeyFormat.generate(Environment.TEST).reveal();
    check(key, new Client("", ""));
    PresentedKey.parse(key)
        .ifPresent(presented -> hasher.matches(hasher.hash(presented.secret()), presented));
  }

  /** The owner and id of a key of this installation, valid or not. */
  public record Identity(UUID userId, String keyId) {}

  /**
   * Returns the owner and id of a key that was reported as leaked. This does not authenticate a
   * request.
   */
  public Optional<Identity> identify(String text) {
    var presented = PresentedKey.parse(text).orElse(null);
    return presented == null
        ? Optional.empty()
        : read(presented.keyId())
            .filter(key -> hasher.matches(key.hash(), presented))
            .map(key -> new Identity(key.userId(), key.keyId()));
  }

  @Override
  public void received(String keyId) {
    stored.invalidate(keyId);
  }

  /** Clears the cache: notifications may have been lost while the connection was down. */
  @Override
  public void resumed() {
    stored.invalidateAll();
  }

  @Override
  public void close() {
    refreshes.close();
  }

  /** Replaces the imported hash of a key with a peppered one when the key is first accepted. */
  private void adopt(StoredKey key, PresentedKey presented) {
    var imported =
        switch (key.hash()) {
          case SecretHash.Peppered ours -> null;
          case SecretHash.Sha512 theirs -> theirs.encoded();
          case SecretHash.Pbkdf2 theirs -> theirs.encoded();
        };
    if (imported != null) {
      var hash = hasher.hash(presented.secret());
      database
          .sql("select accounts.rehash_key(?, ?, ?, ?, ?)")
          .params(key.userId(), key.keyId(), imported, hash.value(), hash.pepperId())
          .query((row, index) -> "")
          .list();
      stored.invalidate(key.keyId());
    }
  }

  /** Reads a key in the request that needs it, or beside the requests that use it. */
  private final class Reader implements CacheLoader<String, Optional<StoredKey>> {

    @Override
    public Optional<StoredKey> load(String keyId) {
      return read(keyId);
    }

    /** Returns null, for which the cache forgets the key, if it could not be read. */
    @Override
    public CompletableFuture<@Nullable Optional<StoredKey>> asyncReload(
        String keyId, Optional<StoredKey> old, Executor unused) {
      try {
        return refreshes.add(keyId).<@Nullable Optional<StoredKey>>handle((read, failed) -> read);
      } catch (RejectedExecutionException tooMany) {
        return CompletableFuture.completedFuture(null);
      }
    }
  }

  private Optional<StoredKey> read(String keyId) {
    return database
        .sql(READ + "where k.key_id = ?")
        .param(keyId)
        .query(ApiKeys::storedKey)
        .optional();
  }

  private List<Optional<StoredKey>> readAgain(List<String> keyIds) throws TimeoutException {
    var start = System.nanoTime();
    var found =
        database
            .sql(READ + "where k.key_id = any (?)")
            .param(keyIds.toArray(String[]::new))
            .query(ApiKeys::storedKey)
            .list()
            .stream()
            .collect(Collectors.toMap(StoredKey::keyId, key -> key));
    if (System.nanoTime() - start > MAX_READ.toNanos()) {
      throw new TimeoutException("The keys were read too slowly.");
    }
    return keyIds.stream().map(id -> Optional.ofNullable(found.get(id))).toList();
  }

  private static StoredKey storedKey(ResultSet row, int index) throws SQLException {
    return new StoredKey(
        row.getObject("user_id", UUID.class),
        row.getString("key_id"),
        Environment.of(row.getString("environment")),
        row.getString("kind").equals("managed"),
        SecretHash.of(
            row.getString("hash_scheme"), row.getString("pepper_id"), row.getString("hash")),
        Scope.both(
            Scope.GRANTABLE,
            Scope.both(
                Scope.parse(row.getString("scopes")), Scope.parse(row.getString("user_scopes")))),
        networks(row.getString("networks")),
        row.getObject("daily_cap", Long.class),
        Timestamps.instantOrNull(row, "expires_at"),
        Timestamps.instantOrNull(row, "disabled_at"),
        Timestamps.instantOrNull(row, "overlap_until"),
        Timestamps.instantOrNull(row, "revoked_at"));
  }

  private static List<IpAddressMatcher> networks(String cidrs) {
    return cidrs.isEmpty()
        ? List.of()
        : Arrays.stream(cidrs.split(" ", -1)).map(IpAddressMatcher::new).toList();
  }
}
