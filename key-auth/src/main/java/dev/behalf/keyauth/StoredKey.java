package dev.behalf.keyauth;

import dev.behalf.contract.Environment;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A key as the database has it. */
record StoredKey(
    UUID userId,
    String keyId,
    Environment environment,
    KeyHasher.Hash hash,
    Set<String> scopes,
    @Nullable Instant expiresAt,
    @Nullable Instant disabledAt,
    @Nullable Instant revokedAt) {

  Optional<KeyCheck.Reason> refusal(Instant now) {
    if (isPast(revokedAt, now)) {
      return Optional.of(KeyCheck.Reason.REVOKED);
    }
    if (isPast(disabledAt, now)) {
      return Optional.of(KeyCheck.Reason.DISABLED);
    }
    return isPast(expiresAt, now) ? Optional.of(KeyCheck.Reason.EXPIRED) : Optional.empty();
  }

  KeyHolder holder() {
    return new KeyHolder(userId, environment, keyId, scopes);
  }

  private static boolean isPast(@Nullable Instant time, Instant now) {
    return time != null && !time.isAfter(now);
  }
}
