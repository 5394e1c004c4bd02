package dev.behalf.web.site.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.behalf.contract.Sha256;
import java.security.SecureRandom;
import java.util.Base64;

/** The secrets in addresses: 256 random bits each, of which only a hash is stored. */
public final class LinkTokens {

  private static final int BYTES = 32;

  /** Length of a token: 32 bytes in base64url, without padding. */
  public static final int LENGTH = 43;

  private static final SecureRandom RANDOM = new SecureRandom();

  private LinkTokens() {}

  public static String next() {
    var random = new byte[BYTES];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** Returns the SHA-256 hash of a token: 32 bytes. */
  public static byte[] hash(String token) {
    return Sha256.of(token.getBytes(US_ASCII));
  }
}
