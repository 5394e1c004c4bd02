package dev.behalf.web.billing.receipts;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** Creates and verifies Ed25519 signatures (RFC 8032); keys and signatures are base64 text. */
final class Ed25519 {

  private static final String ALGORITHM = "Ed25519";

  /** The X.509 prefix of a public key; the key's own 32 bytes follow (RFC 8410). */
  private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

  private Ed25519() {}

  /**
   * A new key pair.
   *
   * @param x the public key in base64url, as in the {@code x} of a JSON Web Key
   * @param secret the private key as PKCS #8 in base64
   */
  record Key(String x, String secret) {}

  static Key generate() {
    try {
      var pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      var encoded = pair.getPublic().getEncoded();
      return new Key(
          base64Url(Arrays.copyOfRange(encoded, X509.length, encoded.length)),
          Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has Ed25519.", e);
    }
  }

  /** Returns the signature in base64url. */
  static String sign(byte[] text, String secret) {
    try {
      var signature = Signature.getInstance(ALGORITHM);
      signature.initSign(
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(secret))));
      signature.update(text);
      return base64Url(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has Ed25519.", e);
    }
  }

  static boolean isGenuine(byte[] text, String signature, String x) {
    try {
      var check = Signature.getInstance(ALGORITHM);
      check.initVerify(publicKey(x));
      check.update(text);
      var bytes = Base64.getUrlDecoder().decode(signature);
      // The last base64 character has unused bits: accept only the spelling that sign() returns.
      return base64Url(bytes).equals(signature) && check.verify(bytes);
    } catch (GeneralSecurityException | IllegalArgumentException none) {
      return false;
    }
  }

  private static PublicKey publicKey(String x) throws GeneralSecurityException {
    var raw = Base64.getUrlDecoder().decode(x);
    var encoded = Arrays.copyOf(X509, X509.length + raw.length);
    System.arraycopy(raw, 0, encoded, X509.length, raw.length);
    return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
