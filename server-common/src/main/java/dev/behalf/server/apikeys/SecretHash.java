package dev.behalf.server.apikeys;

/**
 * The hash of a key's secret at rest: one of ours, or one that came with an imported key and stays
 * until that key is used first.
 */
public sealed interface SecretHash {

  /** HMAC-SHA-256 in base64, and which pepper made it. */
  record Peppered(String pepperId, String value) implements SecretHash {}

  /**
   * djangorestframework-api-key 3: {@code sha512$$} and the digest of the whole key in hexadecimal.
   */
  record Sha512(String encoded) implements SecretHash {}

  /**
   * djangorestframework-api-key before 3, by Django's password hasher: {@code
   * pbkdf2_sha256$iterations$salt$base64}.
   */
  record Pbkdf2(String encoded) implements SecretHash {}

  /** Of the columns hash_scheme, pepper_id and hash. */
  static SecretHash of(String scheme, String pepperId, String hash) {
    return switch (scheme) {
      case "sha512" -> new Sha512(hash);
      case "pbkdf2" -> new Pbkdf2(hash);
      default -> new Peppered(pepperId, hash);
    };
  }
}
