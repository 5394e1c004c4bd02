package dev.behalf.web.site.crypto;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.aead.KmsEnvelopeAead;
import com.google.crypto.tink.util.SecretBytes;
import dev.behalf.start.WarmUp;
import dev.behalf.web.site.ServiceSecrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.springframework.stereotype.Component;

/**
 * Encrypts secrets that must be recoverable, with Tink: each under a data key of its own, and that
 * key under the master key. A ciphertext can be decrypted only in the context it was made for.
 */
@Component
public class Encryption implements WarmUp {

  private static final AesGcmParameters AES_256_GCM =
      parameters(AesGcmParameters.Variant.NO_PREFIX);
  private static final AesGcmParameters MASTER = parameters(AesGcmParameters.Variant.TINK);

  private final Aead cipher;
  private final String masterKeyId;

  Encryption(ServiceSecrets secrets) throws GeneralSecurityException {
    AeadConfig.register();
    var keyset = KeysetHandle.newBuilder();
    var first = true;
    for (var entry : secrets.masterKeys().split(",", -1)) {
      var master = KeysetHandle.importKey(masterKey(entry.strip())).withFixedId(id(entry.strip()));
      keyset.addEntry(first ? master.makePrimary() : master);
      first = false;
    }
    var masterCipher = keyset.build().getPrimitive(RegistryConfiguration.get(), Aead.class);
    cipher = KmsEnvelopeAead.create(AES_256_GCM, masterCipher);
    masterKeyId = String.valueOf(id(secrets.masterKeys().strip()));
  }

  /** Encrypts and decrypts an empty text. */
  @Override
  public void warmUp() {
    decrypt("", encrypt("", "").ciphertext());
  }

  /** An encrypted secret with the id of its master key. */
  public record Sealed(byte[] ciphertext, String masterKeyId) {}

  /** Returns the id of the master key that encrypts now. */
  public String masterKeyId() {
    return masterKeyId;
  }

  /**
   * Encrypts a secret.
   *
   * @param about context of the secret; {@link #decrypt} must be given the same
   */
  public Sealed encrypt(String about, String secret) {
    try {
      return new Sealed(cipher.encrypt(bytes(secret), bytes(about)), masterKeyId);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A secret could not be encrypted.", e);
    }
  }

  public String decrypt(String about, byte[] ciphertext) {
    try {
      return new String(cipher.decrypt(ciphertext, bytes(about)), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "A secret cannot be decrypted: is the master key the right one?", e);
    }
  }

  /** Re-encrypts a secret under the master key that encrypts now. */
  public Sealed rewrap(String about, byte[] ciphertext) {
    return encrypt(about, decrypt(about, ciphertext));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @AccessesPartialKey
  private static AesGcmKey masterKey(String entry) throws GeneralSecurityException {
    var bytes = Base64.getDecoder().decode(entry.substring(entry.indexOf(':') + 1));
    return AesGcmKey.builder()
        .setParameters(MASTER)
        .setKeyBytes(SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()))
        .setIdRequirement(id(entry))
        .build();
  }

  private static int id(String entry) {
    return Integer.parseInt(entry.substring(0, entry.indexOf(':')));
  }

  private static AesGcmParameters parameters(AesGcmParameters.Variant variant) {
    try {
      return AesGcmParameters.builder()
          .setKeySizeBytes(32)
          .setIvSizeBytes(12)
          .setTagSizeBytes(16)
          .setVariant(variant)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("These are the parameters that Tink knows.", e);
    }
  }
}
