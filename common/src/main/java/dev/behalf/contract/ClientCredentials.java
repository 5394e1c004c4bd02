package dev.behalf.contract;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The credentials of an OAuth 2 client. The secret is as long and random as that of a key, so that
 * a fast hash protects it as well as a slow one.
 *
 * @param secret {@code bhs_} and 32 base62 digits, which tell it from a key
 */
public record ClientCredentials(String clientId, String secret) {

  public static final Pattern SECRET = Pattern.compile("bhs_[0-9A-Za-z]{32}");

  /** What the hash of a secret begins with. */
  public static final String SHA256 = "{sha256}";

  public static ClientCredentials generate() {
    var random = ApiKeyFormat.generate(Environment.LIVE);
    return new ClientCredentials(random.keyId(), "bhs_" + random.secret());
  }

  /** Returns the hash of a secret, as it is stored. */
  public static String hash(String secret) {
    return SHA256 + HexFormat.of().formatHex(Sha256.of(secret));
  }

  /** Returns the id alone. */
  @Override
  public String toString() {
    return clientId;
  }
}
