package dev.behalf.web.site;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/**
 * Generates UUIDs of version 7 (RFC 9562, section 5.7): milliseconds first, then 74 random bits, so
 * that ids sort by time.
 */
public final class UuidV7 {

  private static final SecureRandom RANDOM = new SecureRandom();

  private UuidV7() {}

  public static UUID at(Instant time) {
    long high = time.toEpochMilli() << 16 | 0x7000 | (RANDOM.nextLong() & 0x0fff);
    long low = 0x8000_0000_0000_0000L | (RANDOM.nextLong() >>> 2);
    return new UUID(high, low);
  }

  /** Returns the smallest id of a millisecond, which sorts after all ids of earlier ones. */
  public static UUID first(Instant time) {
    return new UUID(time.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L);
  }
}
