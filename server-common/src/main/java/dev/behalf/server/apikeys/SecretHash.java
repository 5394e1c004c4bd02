package dev.behalf.server.apikeys;

/**
 * The stored hash of a key's secret: a peppered one, or the hash of an imported key, which stays
 * until that key is first used.
 */
public sealed interface SecretHash {

  /** An HMAC-SHA-256 in base64, with the id of its pepper. */
  record Peppered(String pepperId, String value) implements SecretHash {}

  /**
   * The format of djangorestframework-api-key 3: {@code sha512$$} and the digest of the whole key
   * in hexadecimal.
   */
  record Sha512(String encoded) implements SecretHash {}

  /**
   * The format of djangorestframework-api-key before 3, made by Django's password hasher: {@code
   * pbkdf2_sha256$iterations$salt$base64}.
   */
  record Pbkdf2(String encoded) implements SecretHash {}

  /** Returns the hash in the columns hash_scheme, pepper_id and hash. */
  static SecretHash of(String scheme, String pepperId, String hash) {
    return switch (scheme) {
      case "sha512" -> new Sha512(hash);
      case "pbkdf2" -> new Pbkdf2(hash);
      default -> new Peppered(pepperId, hash);
    };
  }
}
