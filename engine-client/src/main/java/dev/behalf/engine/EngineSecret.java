package dev.behalf.engine;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret that Behalf and an engine share, with its name. */
public final class EngineSecret {

  /** The shortest secret, in bytes. */
  private static final int MIN_BYTES = 32;

  /** The folder of the keys of chat servers, within that of all secrets. */
  public static final String CHAT_FOLDER = "chat/";

  private final String name;
  private final String text;

  private EngineSecret(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /**
   * Returns a secret that signs calls.
   *
   * @param text the secret itself; white space around it is no part of it
   * @throws IllegalArgumentException if it is shorter than 32 bytes
   */
  public static EngineSecret of(String name, String text) {
    var secret = text.strip();
    var bytes = secret.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < MIN_BYTES) {
      throw new IllegalArgumentException(
          "The engine secret \"%s\" has %d bytes: write at least %d random ones."
              .formatted(name, bytes.length, MIN_BYTES));
    }
    return new EngineSecret(name, secret);
  }

  /**
   * Returns the key of a chat server, which is sent with each call.
   *
   * @param text the key itself; white space around it is no part of it
   * @throws IllegalArgumentException if it cannot stand in a header
   */
  public static EngineSecret ofChat(String name, String text) {
    var key = text.strip();
    if (!key.matches("[!-~]{1,4000}")) {
      throw new IllegalArgumentException(
          "The key \"%s\" must be 1 to 4,000 printable ASCII characters without spaces."
              .formatted(name));
    }
    return new EngineSecret(name, key);
  }

  /** Returns the secret itself. */
  String text() {
    return text;
  }

  String name() {
    return name;
  }

  byte[] hmac(byte[] content) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
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
