package dev.behalf.engine;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret that Behalf and an engine share, with its name. */
public final class EngineSecret {

  /** The shortest secret, in bytes. */
  private static final int MIN_BYTES = 32;

  private final String name;
  private final SecretKeySpec key;

  private EngineSecret(String name, SecretKeySpec key) {
    this.name = name;
    this.key = key;
  }

  /**
   * Returns a secret.
   *
   * @param text the secret itself; white space around it is no part of it
   * @throws IllegalArgumentException if it is shorter than 32 bytes
   */
  public static EngineSecret of(String name, String text) {
    var bytes = text.strip().getBytes(StandardCharsets.UTF_8);
    if (bytes.length < MIN_BYTES) {
      throw new IllegalArgumentException(
          "The engine secret \"%s\" has %d bytes: write at least %d random ones."
              .formatted(name, bytes.length, MIN_BYTES));
    }
    return new EngineSecret(name, new SecretKeySpec(bytes, "HmacSHA256"));
  }

  String name() {
    return name;
  }

  byte[] hmac(byte[] content) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256.", e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
