package dev.behalf.web.keys;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.keyauth.KeyHasher;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A key's row. The secret itself is not in it, only its hash. */
@Entity
@Table(schema = "accounts", name = "api_keys")
@IdClass(ApiKey.Key.class)
class ApiKey {

  /** Leads with the user, as every table of a tenant does. */
  record Key(UUID userId, String keyId) implements Serializable {}

  @Id UUID userId;
  @Id String keyId;
  String kind;
  String environment;
  String name;
  String hash;
  String pepperId;
  String scopes;
  Instant createdAt;
  @Nullable Instant expiresAt;
  @Nullable Instant disabledAt;
  @Nullable Instant revokedAt;
  @Version @Nullable Integer version;

  /** For JPA, which fills the fields in afterwards. */
  @SuppressWarnings("NullAway.Init")
  protected ApiKey() {}

  /** A managed key: for workers, never shown to anybody. */
  static ApiKey managed(UUID userId, ApiKeyFormat key, KeyHasher.Hash hash, Instant now) {
    var row = new ApiKey();
    row.userId = userId;
    row.keyId = key.keyId();
    row.kind = "managed";
    row.environment = key.environment().wire();
    row.name = "For my jobs";
    row.hash = hash.value();
    row.pepperId = hash.pepperId();
    row.scopes = "jobs:read jobs:write usage:read";
    row.createdAt = now;
    return row;
  }
}
