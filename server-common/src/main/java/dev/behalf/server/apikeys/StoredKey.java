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
 * A key as stored in the database.
 *
 * @param scopes the scopes that both the key and its user have
 * @param networks the networks from which the key is accepted; empty for any address
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
    // Do not compare with now: this server's clock may be behind that of the revoking server.
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
    return networks.isEmpty() || isWithin(networks, address)
        ? Optional.empty()
        : Optional.of(KeyCheck.Reason.ADDRESS);
  }

  KeyHolder holder() {
    return new KeyHolder(userId, environment, keyId, scopes, isManaged, dailyCap, end());
  }

  /** Returns the earlier of the expiry and, after a rotation, the end of the grace period. */
  private @Nullable Instant end() {
    return overlapUntil == null || (expiresAt != null && expiresAt.isBefore(overlapUntil))
        ? expiresAt
        : overlapUntil;
  }

  /** An address that is no IP address, as a proxy may send, is in no network. */
  private static boolean isWithin(List<IpAddressMatcher> networks, String address) {
    try {
      return networks.stream().anyMatch(network -> network.matches(address));
    } catch (IllegalArgumentException noAddress) {
      return false;
    }
  }

  private static boolean isPast(@Nullable Instant time, Instant now) {
    return time != null && !time.isAfter(now);
  }
}
