package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.apikeys.KeyHasher;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.security.Caller;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * A user's keys and the operations on them. Each operation checks the state under the row's lock
 * and writes to the audit log in the same transaction. A caller that authenticates with a key
 * cannot exceed the rights of that key.
 */
@Repository
public class Keys {

  /**
   * Maximum number of working keys. Limits and quota belong to the user, so more keys gain nothing;
   * a thousand are a mistake.
   */
  private static final int MAX_WORKING = 100;

  private static final Set<Duration> SILENCES =
      Set.of(Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7));

  private final EntityManager entities;
  private final KeyAuthorization authorities;
  private final ManagedKeys managed;
  private final KeyTraffic traffic;
  private final KeyHasher hasher;
  private final AuditLog audit;
  private final InstantSource clock;

  Keys(
      EntityManager entities,
      KeyAuthorization authorities,
      ManagedKeys managed,
      KeyTraffic traffic,
      KeyHasher hasher,
      AuditLog audit,
      InstantSource clock) {
    this.entities = entities;
    this.authorities = authorities;
    this.managed = managed;
    this.traffic = traffic;
    this.hasher = hasher;
    this.audit = audit;
    this.clock = clock;
  }

  /** A new key with its text, which is shown only once. */
  public record Issued(KeyView key, String secret) {
    @Override
    public String toString() {
      return key.id();
    }
  }

  /** Returns the keys that the caller may see, newest first, revoked ones last. */
  @Transactional(readOnly = true)
  public List<KeyView> list(Caller caller) {
    var lastUses = traffic.lastUses(caller.userId());
    var now = clock.instant();
    return entities
        .createQuery(
            "select k from ApiKey k where k.userId = :user order by k.createdAt desc, k.keyId",
            ApiKey.class)
        .setParameter("user", caller.userId())
        .getResultStream()
        .filter(key -> caller.maySee(key.environment()))
        .map(key -> KeyView.of(key, lastUses.get(key.keyId), now))
        .sorted(java.util.Comparator.comparing(key -> key.state() == KeyState.REVOKED))
        .toList();
  }

  @Transactional(readOnly = true)
  public Optional<KeyView> find(Caller caller, String keyId) {
    return Optional.ofNullable(entities.find(ApiKey.class, new ApiKey.Key(caller.userId(), keyId)))
        .filter(key -> caller.maySee(key.environment()))
        .map(this::view);
  }

  /**
   * Issues a personal key.
   *
   * @throws Problem if a property is invalid, or the caller may not issue such a key
   */
  @Transactional
  public Issued create(Caller caller, NewKey asked) {
    var now = clock.instant();
    asked.check(now);
    caller.environment(asked.environment());
    var authority = authorities.claim(caller, now);
    authority.requireReach(asked.scopes());
    authority.requireWithin(asked.networks());
    authority.requireNoLongerThan(asked.expiresAt());
    requireRoom(caller);
    var text = ApiKeyFormat.generate(asked.environment());
    var key =
        ApiKey.personal(
            caller.userId(), text, hasher.hash(text.secret()), asked, authority.issuer(), now);
    entities.persist(key);
    audit.write(
        caller.userId(),
        caller.actor(),
        "key.created",
        key.keyId,
        Map.of("name", key.name, "environment", key.environment, "scopes", key.scopes));
    return new Issued(view(key), text.reveal());
  }

  @Transactional
  public KeyView disable(Caller caller, String keyId) {
    return change(caller, keyId, "key.disabled", (key, now) -> personalOnly(key).disable(now));
  }

  /**
   * Enables a disabled key. The caller must be able to issue such a key, because its rights come
   * back.
   */
  @Transactional
  public KeyView enable(Caller caller, String keyId) {
    var authority = authorities.claim(caller, clock.instant());
    return change(
        caller,
        keyId,
        "key.enabled",
        (key, now) -> {
          requireReach(authority, personalOnly(key));
          key.enable(now);
        });
  }

  /**
   * Revokes a key for good. A new managed key replaces a revoked one at once, for the jobs to come.
   */
  @Transactional
  public KeyView revoke(Caller caller, String keyId) {
    var key = lock(caller, keyId);
    revoke(caller.actor(), key);
    return view(key);
  }

  /** Revokes all keys that the caller may see and returns their number. */
  @Transactional
  public int revokeAll(Caller caller) {
    var now = clock.instant();
    authorities.claim(caller, now);
    var ended = 0;
    for (var key : lockAll(caller)) {
      if (key.state(now).mayBecome(KeyState.REVOKED)) {
        revoke(caller.actor(), key);
        ended++;
      }
    }
    return ended;
  }

  /**
   * Issues a successor with the same rights; the old key works until the overlap ends.
   *
   * @param silence time without use that ends {@link Overlap#UNTIL_SILENT}
   */
  @Transactional
  public Rotated rotate(Caller caller, String keyId, Overlap overlap, @Nullable Duration silence) {
    if (overlap == Overlap.UNTIL_SILENT && (silence == null || !SILENCES.contains(silence))) {
      throw NewKey.fault("silent_for", "Set the required time without use: 15m, 1h, 24h or 7d.");
    }
    var now = clock.instant();
    var authority = authorities.claim(caller, now);
    var old = lock(caller, keyId);
    if (old.isManaged()) {
      authority.requireReach(Scope.parse(old.scopes));
      var successor = managed.rotate(old, overlap, silence, caller.actor());
      return new Rotated(view(old), view(successor), null);
    }
    requireReach(authority, old);
    var text = ApiKeyFormat.generate(old.environment());
    var successor = old.successor(text, hasher.hash(text.secret()), authority.issuer(), now);
    old.rotate(successor.keyId, overlap, silence, now);
    entities.persist(successor);
    audit.write(
        caller.userId(),
        caller.actor(),
        "key.rotated",
        old.keyId,
        Map.of("successor", successor.keyId, "overlap", overlap.wire()));
    return new Rotated(view(old), view(successor), text.reveal());
  }

  /** Undoes a rotation before it ends: the old key stays, and its successor is revoked. */
  @Transactional
  public KeyView rollBack(Caller caller, String keyId) {
    var authority = authorities.claim(caller, clock.instant());
    return change(
        caller,
        keyId,
        "key.rotation_rolled_back",
        (key, now) -> {
          requireReach(authority, key);
          var successorId = key.replacedBy;
          key.rollBack(now);
          if (successorId != null) {
            var successor = lock(caller, successorId);
            if (successor.state(now).mayBecome(KeyState.REVOKED)) {
              successor.revoke(now);
            }
          }
        });
  }

  private KeyView change(
      Caller caller, String keyId, String action, BiConsumer<ApiKey, Instant> move) {
    var key = lock(caller, keyId);
    move.accept(key, clock.instant());
    audit.write(caller.userId(), caller.actor(), action, keyId, Map.of());
    return view(key);
  }

  /**
   * Requires that the caller could issue such a key, for operations that extend a key's life or
   * restore it. To end a key, the scope is enough: that extends nobody's rights, and an emergency
   * leaves no time.
   */
  private static void requireReach(KeyAuthorization.Authority authority, ApiKey key) {
    authority.requireReach(Scope.parse(key.scopes));
    authority.requireWithin(key.networkList());
    authority.requireNoLongerThan(key.expiresAt);
  }

  void revoke(Actor actor, ApiKey key) {
    if (key.isManaged() && key.state(clock.instant()) == KeyState.ACTIVE) {
      managed.rotate(key, Overlap.NOW, null, actor);
    } else {
      key.revoke(clock.instant());
      audit.write(key.userId, actor, "key.revoked", key.keyId, Map.of());
    }
  }

  private ApiKey lock(Caller caller, String keyId) {
    return Optional.ofNullable(
            entities.find(
                ApiKey.class,
                new ApiKey.Key(caller.userId(), keyId),
                LockModeType.PESSIMISTIC_WRITE))
        .filter(key -> caller.maySee(key.environment()))
        .orElseThrow(Problem::notFound);
  }

  private List<ApiKey> lockAll(Caller caller) {
    return entities
        .createQuery("select k from ApiKey k where k.userId = :user order by k.keyId", ApiKey.class)
        .setParameter("user", caller.userId())
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultStream()
        .filter(key -> caller.maySee(key.environment()))
        .toList();
  }

  private void requireRoom(Caller caller) {
    var now = clock.instant();
    if (lockAll(caller).stream().filter(key -> key.state(now).works()).count() >= MAX_WORKING) {
      throw new Problem(ProblemCode.KEY_STATE, "You have 100 active keys: revoke the unused ones.");
    }
  }

  private static ApiKey personalOnly(ApiKey key) {
    if (key.isManaged()) {
      throw new Problem(
          ProblemCode.KEY_STATE,
          "Workers need a managed key: rotate or revoke it instead; a new one replaces it.");
    }
    return key;
  }

  private KeyView view(ApiKey key) {
    return KeyView.of(key, traffic.lastUses(key.userId).get(key.keyId), clock.instant());
  }
}
