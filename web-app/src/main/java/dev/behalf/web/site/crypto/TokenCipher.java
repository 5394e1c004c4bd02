package dev.behalf.web.site.crypto;

import dev.behalf.contract.KeyRing;
import dev.behalf.web.site.ServiceSecrets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Encrypts what a token says: AES-256-GCM under a key of its own, which HMAC-SHA-256 derives from
 * the master key and a random salt of 128 bits. So the number of tokens under a master key is not
 * limited by the nonce of GCM (NIST SP 800-38D, section 8.3), and a nonce of zeros is used once.
 *
 * <p>{@link Encryption} makes a random data key for each secret and a random generator for each
 * thread: too much for the thread of each request that issues a token.
 */
@Component
public class TokenCipher {

  private static final int ID = Integer.BYTES;
  private static final int SALT = 16;
  private static final GCMParameterSpec NONCE = new GCMParameterSpec(128, new byte[12]);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyRing masters;

  TokenCipher(ServiceSecrets secrets) {
    this.masters = KeyRing.parse(secrets.masterKeys());
  }

  /**
   * Encrypts the content of a token.
   *
   * @param about the kind of token; {@link #open} must be given the same
   * @return id of the master key (4 bytes), salt (16), ciphertext with its tag of 16 bytes
   */
  public byte[] seal(String about, String content) {
    var salt = new byte[SALT];
    RANDOM.nextBytes(salt);
    var key = masters.sign(derivation(about, salt));
    var sealed = gcm(Cipher.ENCRYPT_MODE, key, about, content.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.allocate(ID + SALT + sealed.orElseThrow().length)
        .putInt(Integer.parseInt(masters.current()))
        .put(salt)
        .put(sealed.orElseThrow())
        .array();
  }

  /** Returns what a token says; empty if it was not sealed here, or as another kind. */
  public Optional<String> open(String about, byte[] token) {
    if (token.length < ID + SALT) {
      return Optional.empty();
    }
    var id = String.valueOf(ByteBuffer.wrap(token).getInt());
    var salt = Arrays.copyOfRange(token, ID, ID + SALT);
    var sealed = Arrays.copyOfRange(token, ID + SALT, token.length);
    return masters
        .sign(id, derivation(about, salt))
        .flatMap(key -> gcm(Cipher.DECRYPT_MODE, key, about, sealed))
        .map(content -> new String(content, StandardCharsets.UTF_8));
  }

  private static byte[] derivation(String about, byte[] salt) {
    var kind = ("key of a token: " + about).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(kind.length + SALT).put(kind).put(salt).array();
  }

  /** Returns the output; empty if there is nothing that this key has sealed. */
  private static Optional<byte[]> gcm(int mode, byte[] key, String about, byte[] input) {
    try {
      var cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), NONCE);
      cipher.updateAAD(about.getBytes(StandardCharsets.UTF_8));
      return Optional.of(cipher.doFinal(input));
    } catch (GeneralSecurityException foreign) {
      return Optional.empty();
    }
  }
}
