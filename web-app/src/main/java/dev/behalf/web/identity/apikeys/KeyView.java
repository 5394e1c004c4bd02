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
 * A key as its owner sees it: never the secret.
 *
 * @param kind {@code personal}, or {@code managed}: the one that workers use
 * @param createdBy who issued it: {@code account}, {@code session}, {@code key …}, {@code
 *     application …}, {@code import}
 * @param lastUsed up to a minute behind
 * @param rotation while another key is taking over
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
   * Another key takes over.
   *
   * @param until when this one ends, where that is known
   * @param silentSeconds it ends when it has not been used for so long
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Handover(
      String replacedBy, Instant since, @Nullable Instant until, @Nullable Long silentSeconds) {}

  /** Somebody has reported that the key is public. */
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
