package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.apikeys.SecretHash;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The row of an API key. It holds a hash of the secret, never the secret itself. */
@Entity
@Table(schema = "accounts", name = "api_keys")
@IdClass(ApiKey.Key.class)
class ApiKey {

  static final String MANAGED = "managed";
  private static final String PERSONAL = "personal";

  /** The primary key. The user id comes first, as in every tenant table. */
  record Key(UUID userId, String keyId) implements Serializable {}

  @Id UUID userId;
  @Id String keyId;
  String kind;
  String environment;
  String name;
  String hash;
  String hashScheme;
  String pepperId;
  String scopes;
  String networks;
  @Nullable Long dailyCap;
  String createdBy;
  @Nullable UUID applicationId;
  @Nullable UUID platformId;
  Instant createdAt;
  @Nullable Instant expiresAt;
  @Nullable Instant disabledAt;
  @Nullable Instant rotatedAt;
  @Nullable String replacedBy;
  @Nullable Instant overlapUntil;
  @Nullable Long silence;
  @Nullable Instant revokedAt;
  @Nullable Instant leakedAt;
  @Nullable String leakSource;
  @Version @Nullable Integer version;

  /** For JPA, which sets the fields afterwards. */
  @SuppressWarnings("NullAway.Init")
  protected ApiKey() {}

  /**
   * The issuer of a key.
   *
   * @param applicationId id of the application that issues the key, directly or with a key that it
   *     issued earlier
   * @param platformId id of the platform that issues the key in the same way
   */
  record Issuer(String credential, @Nullable UUID applicationId, @Nullable UUID platformId) {

    /** The user, or a part of this system. */
    static Issuer own(String credential) {
      return new Issuer(credential, null, null);
    }
  }

  /** Creates a managed key, which workers use and nobody ever sees. */
  static ApiKey managed(
      UUID userId, ApiKeyFormat key, SecretHash.Peppered hash, String createdBy, Instant now) {
    var row = of(userId, key, hash, createdBy, now);
    row.kind = MANAGED;
    row.name = "For my jobs";
    row.scopes = Scope.format(EnumSet.of(Scope.JOBS_READ, Scope.JOBS_WRITE, Scope.USAGE_READ));
    row.networks = "";
    return row;
  }

  /** Creates a personal key, for a user's scripts. */
  static ApiKey personal(
      UUID userId,
      ApiKeyFormat key,
      SecretHash.Peppered hash,
      NewKey asked,
      Issuer issuer,
      Instant now) {
    var row = of(userId, key, hash, issuer.credential(), now);
    row.applicationId = issuer.applicationId();
    row.platformId = issuer.platformId();
    row.kind = PERSONAL;
    row.name = asked.name();
    row.scopes = Scope.format(asked.scopes());
    row.networks = String.join(" ", asked.networks());
    row.dailyCap = asked.dailyCap();
    row.expiresAt = asked.expiresAt();
    return row;
  }

  /** Creates the successor of this key, with the same scopes, networks, daily cap and expiry. */
  ApiKey successor(
      ApiKeyFormat key, SecretHash.Peppered successorHash, Issuer issuer, Instant now) {
    var row = of(userId, key, successorHash, issuer.credential(), now);
    // Whoever rotates a key learns the new secret, so the successor belongs to both.
    row.applicationId = issuer.applicationId() == null ? applicationId : issuer.applicationId();
    row.platformId = issuer.platformId() == null ? platformId : issuer.platformId();
    row.kind = kind;
    row.name = name;
    row.scopes = scopes;
    row.networks = networks;
    row.dailyCap = dailyCap;
    row.expiresAt = expiresAt;
    return row;
  }

  private static ApiKey of(
      UUID userId, ApiKeyFormat key, SecretHash.Peppered hash, String createdBy, Instant now) {
    var row = new ApiKey();
    row.userId = userId;
    row.keyId = key.keyId();
    row.environment = key.environment().wire();
    row.hash = hash.value();
    row.hashScheme = "hmac";
    row.pepperId = hash.pepperId();
    row.createdBy = createdBy;
    row.createdAt = now;
    return row;
  }

  KeyState state(Instant now) {
    if (revokedAt != null || isPast(overlapUntil, now)) {
      return KeyState.REVOKED;
    }
    if (isPast(expiresAt, now)) {
      return KeyState.EXPIRED;
    }
    if (disabledAt != null) {
      return KeyState.DISABLED;
    }
    return rotatedAt == null ? KeyState.ACTIVE : KeyState.ROTATING;
  }

  void disable(Instant now) {
    move(KeyState.DISABLED, now);
    disabledAt = now;
  }

  void enable(Instant now) {
    if (state(now) != KeyState.DISABLED) {
      throw illegal(state(now), "enabled");
    }
    disabledAt = null;
  }

  void revoke(Instant now) {
    move(KeyState.REVOKED, now);
    revokedAt = now;
  }

  /**
   * Starts a rotation.
   *
   * @param silenceAsked time without use that ends {@link Overlap#UNTIL_SILENT}
   */
  void rotate(String successorId, Overlap overlap, @Nullable Duration silenceAsked, Instant now) {
    move(KeyState.ROTATING, now);
    rotatedAt = now;
    replacedBy = successorId;
    var time = overlap.time();
    if (time == null) {
      silence = silenceAsked == null ? null : silenceAsked.toSeconds();
    } else {
      overlapUntil = now.plus(time);
      revokedAt = time.isZero() ? now : null;
    }
  }

  void rollBack(Instant now) {
    if (state(now) != KeyState.ROTATING) {
      throw illegal(state(now), "rolled back");
    }
    rotatedAt = null;
    replacedBy = null;
    overlapUntil = null;
    silence = null;
  }

  Environment environment() {
    return Environment.of(environment);
  }

  boolean isManaged() {
    return kind.equals(MANAGED);
  }

  List<String> networkList() {
    return networks.isEmpty() ? List.of() : List.of(networks.split(" ", -1));
  }

  private void move(KeyState next, Instant now) {
    var state = state(now);
    if (!state.mayBecome(next)) {
      throw illegal(state, next.wire());
    }
  }

  private static Problem illegal(KeyState state, String what) {
    return new Problem(
        ProblemCode.KEY_STATE,
        "The key is %s and cannot be %s: read the key for its current state."
            .formatted(state.wire(), what));
  }

  private static boolean isPast(@Nullable Instant time, Instant now) {
    return time != null && !time.isAfter(now);
  }
}
