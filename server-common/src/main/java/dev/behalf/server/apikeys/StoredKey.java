package dev.behalf.server.apikeys;

import dev.behalf.contract.Environment;
import dev.behalf.server.security.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/**
 * A key as the database has it.
 *
 * @param scopes of the key, without those that its user does not have
 * @param networks where it is taken from; none means anywhere
 */
record StoredKey(
    UUID userId,
    String keyId,
    Environment environment,
    boolean isManaged,
    SecretHash hash,
    Set<Scope> scopes,
    List<IpAddressMatcher> networks,
    @Nullable Long dailyCap,
    @Nullable Instant expiresAt,
    @Nullable Instant disabledAt,
    @Nullable Instant overlapUntil,
    @Nullable Instant revokedAt) {

  Optional<KeyCheck.Reason> refusal(Instant now, String address) {
    // By the row, not by the clock: that of another machine may be behind.
    if (revokedAt != null) {
      return Optional.of(KeyCheck.Reason.REVOKED);
    }
    if (isPast(overlapUntil, now)) {
      return Optional.of(KeyCheck.Reason.ROTATED);
    }
    if (disabledAt != null) {
      return Optional.of(KeyCheck.Reason.DISABLED);
    }
    if (isPast(expiresAt, now)) {
      return Optional.of(KeyCheck.Reason.EXPIRED);
    }
    return networks.isEmpty() || networks.stream().anyMatch(network -> network.matches(address))
        ? Optional.empty()
        : Optional.of(KeyCheck.Reason.ADDRESS);
  }

  KeyHolder holder() {
    return new KeyHolder(userId, environment, keyId, scopes, isManaged, dailyCap, end());
  }

  /** The earlier of both: of a key that is being replaced, the end of the overlap. */
  private @Nullable Instant end() {
    return overlapUntil == null || (expiresAt != null && expiresAt.isBefore(overlapUntil))
        ? expiresAt
        : overlapUntil;
  }

  private static boolean isPast(@Nullable Instant time, Instant now) {
    return time != null && !time.isAfter(now);
  }
}
