package dev.behalf.web.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs as Standard Webhooks specifies, version 1: HMAC-SHA-256 over id, timestamp and body. */
final class Signature {

  static final String SECRET_PREFIX = "whsec_";
  static final String VERSION = "v1,";

  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Signature() {}

  static String newSecret() {
    var bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return SECRET_PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  static String signed(String id, String timestamp, String body) {
    return id + "." + timestamp + "." + body;
  }

  static String sign(String secret, String id, long timestamp, String body) {
    return VERSION + hmac(key(secret), signed(id, String.valueOf(timestamp), body));
  }

  /**
   * Returns the key bytes of a secret.
   *
   * @throws IllegalArgumentException if the secret is not base64
   */
  static byte[] key(String secret) {
    return Base64.getDecoder()
        .decode(
            secret.startsWith(SECRET_PREFIX) ? secret.substring(SECRET_PREFIX.length()) : secret);
  }

  static String hmac(byte[] key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256.", e);
    }
  }
}
