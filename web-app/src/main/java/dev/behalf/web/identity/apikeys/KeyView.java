package dev.behalf.web.identity.apikeys;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.Environment;
import dev.behalf.server.security.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key as its owner sees it, without the secret.
 *
 * @param kind {@code personal}, or {@code managed} for a key that workers use
 * @param createdBy the issuer: {@code account}, {@code session}, {@code key …}, {@code application
 *     …}, {@code import}
 * @param lastUsed the latest use, up to a minute behind
 * @param rotation the handover to a successor, if the key has been rotated
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeyView(
    String id,
    String name,
    String kind,
    Environment environment,
    KeyState state,
    Set<Scope> scopes,
    List<String> networks,
    @Nullable Long dailyCap,
    String createdBy,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable LastUse lastUsed,
    @Nullable Handover rotation,
    @Nullable Leak leak) {

  /** The latest request with the key. */
  public record LastUse(Instant at, String address, String userAgent) {}

  /**
   * The handover to a successor.
   *
   * @param until when this key stops working, if that time is known
   * @param silentSeconds time without use, in seconds, after which this key stops working
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Handover(
      String replacedBy, Instant since, @Nullable Instant until, @Nullable Long silentSeconds) {}

  /** A report that the key is public. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Leak(Instant reportedAt, @Nullable String source) {}

  @JsonIgnore
  public boolean isManaged() {
    return kind.equals(ApiKey.MANAGED);
  }

  static KeyView of(ApiKey key, @Nullable LastUse lastUsed, Instant now) {
    return new KeyView(
        key.keyId,
        key.name,
        key.kind,
        key.environment(),
        key.state(now),
        Scope.parse(key.scopes),
        key.networkList(),
        key.dailyCap,
        key.createdBy,
        key.createdAt,
        key.expiresAt,
        key.revokedAt == null && key.state(now) == KeyState.REVOKED
            ? key.overlapUntil
            : key.revokedAt,
        lastUsed,
        key.rotatedAt == null || key.replacedBy == null
            ? null
            : new Handover(key.replacedBy, key.rotatedAt, key.overlapUntil, key.silence),
        key.leakedAt == null ? null : new Leak(key.leakedAt, key.leakSource));
  }
}
