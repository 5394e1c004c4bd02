package dev.behalf.server.apikeys;

import dev.behalf.contract.KeyRing;
import dev.behalf.server.apikeys.SecretHash.Peppered;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Hashes the secrets of keys with HMAC-SHA-256 and a pepper that is not in the database. A fast
 * hash is enough for 190 random bits (OWASP ASVS 5.0, 6.5.2).
 */
public final class KeyHasher {

  private final KeyRing peppers;
  private final ImportedHashes imported = new ImportedHashes();

  public KeyHasher(KeyRing peppers) {
    this.peppers = peppers;
  }

  public Peppered hash(String secret) {
    return new Peppered(
        peppers.current(), Base64.getEncoder().encodeToString(peppers.sign(bytes(secret))));
  }

  boolean matches(SecretHash hash, PresentedKey presented) {
    return switch (hash) {
      case Peppered ours ->
          peppers.verify(
              ours.pepperId(), bytes(presented.secret()), Base64.getDecoder().decode(ours.value()));
      case SecretHash.Sha512 theirs -> imported.matches(theirs, presented.text());
      case SecretHash.Pbkdf2 theirs -> imported.matches(theirs, presented.text());
    };
  }

  private static byte[] bytes(String secret) {
    return secret.getBytes(StandardCharsets.US_ASCII);
  }
}
