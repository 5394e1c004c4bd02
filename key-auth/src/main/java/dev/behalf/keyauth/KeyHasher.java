package dev.behalf.keyauth;

import dev.behalf.contract.KeyRing;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * HMAC-SHA-256 of a key's secret with a pepper that is not in the database. A fast hash is enough
 * for 190 random bits (OWASP ASVS 5.0, 6.5.2).
 */
public final class KeyHasher {

  private final KeyRing peppers;

  public KeyHasher(KeyRing peppers) {
    this.peppers = peppers;
  }

  /** A hash in base64, and which pepper made it. */
  public record Hash(String pepperId, String value) {}

  public Hash hash(String secret) {
    return new Hash(
        peppers.current(), Base64.getEncoder().encodeToString(peppers.sign(bytes(secret))));
  }

  boolean matches(Hash hash, String secret) {
    return peppers.verify(hash.pepperId(), bytes(secret), Base64.getDecoder().decode(hash.value()));
  }

  private static byte[] bytes(String secret) {
    return secret.getBytes(StandardCharsets.US_ASCII);
  }
}
