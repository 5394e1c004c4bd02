package dev.behalf.contract;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A ring of shared HMAC-SHA-256 secrets, each with an id. The first secret signs, and all of them
 * verify. To rotate a secret, put the new one first and remove the old one later.
 */
public final class KeyRing {

  /** The ids that a request signature can name: see {@link RequestSignature}. */
  private static final Pattern ID = Pattern.compile("[\\w.-]{1,64}");

  private final String current;
  private final Mac signer;
  private final Map<String, Mac> secrets;

  private KeyRing(Map<String, Mac> secrets) {
    var first = secrets.entrySet().iterator().next();
    this.current = first.getKey();
    this.signer = first.getValue();
    this.secrets = secrets;
  }

  /**
   * Parses {@code id:base64,id:base64}.
   *
   * @throws IllegalArgumentException if no secret is given, one is shorter than 32 bytes, or an id
   *     is malformed or repeated
   */
  public static KeyRing parse(String text) {
    var secrets = new LinkedHashMap<String, Mac>();
    for (var entry : List.of(text.strip().split(",", -1))) {
      int colon = entry.indexOf(':');
      var secret =
          colon < 1 ? new byte[0] : Base64.getDecoder().decode(entry.substring(colon + 1).strip());
      if (secret.length < 32) {
        throw new IllegalArgumentException(
            "A secret is written id:base64 and has at least 32 bytes.");
      }
      var id = entry.substring(0, colon).strip();
      if (!ID.matcher(id).matches() || secrets.put(id, keyed(secret)) != null) {
        throw new IllegalArgumentException(
            "The id of a secret has 1 to 64 letters, digits, dots, dashes or underscores, and is unique.");
      }
    }
    return new KeyRing(secrets);
  }

  /** Returns the id of the secret that signs. */
  public String current() {
    return current;
  }

  public byte[] sign(byte[] content) {
    return hmac(signer, content);
  }

  /** Returns the signature by the secret with this id; empty for an unknown id. */
  public Optional<byte[]> sign(String id, byte[] content) {
    return Optional.ofNullable(secrets.get(id)).map(secret -> hmac(secret, content));
  }

  /** Returns whether the secret with this id made the signature; false for an unknown id. */
  public boolean verify(String id, byte[] content, byte[] signature) {
    return sign(id, content).filter(ours -> MessageDigest.isEqual(ours, signature)).isPresent();
  }

  /** Returns a signature and its secret's id as one header value: {@code id:base64}. */
  public String seal(byte[] content) {
    return current + ":" + Base64.getEncoder().encodeToString(sign(content));
  }

  /** Returns whether {@link #seal} made this header value for exactly these bytes. */
  public boolean unseals(String seal, byte[] content) {
    int colon = seal.indexOf(':');
    if (colon < 1) {
      return false;
    }
    try {
      return verify(
          seal.substring(0, colon), content, Base64.getDecoder().decode(seal.substring(colon + 1)));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static Mac keyed(byte[] secret) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256.", e);
    }
  }

  /**
   * Clones the keyed Mac for each use, because setting the key is half of the cost and needs to
   * happen only once.
   */
  private static byte[] hmac(Mac keyed, byte[] content) {
    try {
      return ((Mac) keyed.clone()).doFinal(content);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("The JDK's own HmacSHA256 can be copied.", e);
    }
  }
}
