package dev.behalf.web.keys;

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
import dev.behalf.web.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Encrypts managed keys with Tink: each under a data key of its own, and that one under the master
 * key. A ciphertext opens only for the user and the key id that it was made for.
 */
@Component
class Vault {

  private static final AesGcmParameters AES_256_GCM =
      parameters(AesGcmParameters.Variant.NO_PREFIX);
  private static final AesGcmParameters MASTER = parameters(AesGcmParameters.Variant.TINK);

  private final Aead cipher;

  Vault(Secrets secrets) throws GeneralSecurityException {
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
  }

  byte[] encrypt(UUID userId, String keyId, String key) {
    try {
      return cipher.encrypt(key.getBytes(StandardCharsets.US_ASCII), belongsTo(userId, keyId));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A managed key could not be encrypted.", e);
    }
  }

  String decrypt(UUID userId, String keyId, byte[] ciphertext) {
    try {
      return new String(
          cipher.decrypt(ciphertext, belongsTo(userId, keyId)), StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "A managed key cannot be decrypted: is the master key the right one?", e);
    }
  }

  private static byte[] belongsTo(UUID userId, String keyId) {
    return (userId + " " + keyId).getBytes(StandardCharsets.US_ASCII);
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
