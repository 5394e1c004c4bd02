package dev.behalf.contract;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The format of an API key: {@code bh_live_} or {@code bh_test_}, a public id of 12 base62 digits,
 * a secret of 32 (190 bits), and a CRC-32 of everything before it in 6. The checksum rejects a
 * mistyped key without a look-up, and lets a scanner tell a real key from a look-alike.
 */
public record ApiKeyFormat(Environment environment, String keyId, String secret) {

  /** Matches keys in text; {@link #parse} then verifies the checksum. */
  public static final Pattern PATTERN =
      Pattern.compile("bh_(live|test)_([0-9A-Za-z]{12})([0-9A-Za-z]{32})([0-9A-Za-z]{6})");

  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final SecureRandom RANDOM = new SecureRandom();

  public static ApiKeyFormat generate(Environment environment) {
    return new ApiKeyFormat(environment, digits(12), digits(32));
  }

  /** Returns the key in the text, or empty if the format or the checksum is wrong. */
  public static Optional<ApiKeyFormat> parse(String text) {
    var match = PATTERN.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    var key = new ApiKeyFormat(Environment.of(match.group(1)), match.group(2), match.group(3));
    return key.checksum().equals(match.group(4)) ? Optional.of(key) : Optional.empty();
  }

  /** Returns the whole key, to be shown or sent once; {@link #toString} omits the secret. */
  public String reveal() {
    return body() + checksum();
  }

  @Override
  public String toString() {
    return "bh_" + environment.wire() + "_" + keyId + "…";
  }

  private String body() {
    return "bh_" + environment.wire() + "_" + keyId + secret;
  }

  private String checksum() {
    var crc = new CRC32();
    crc.update(body().getBytes(StandardCharsets.US_ASCII));
    var digits = new char[6];
    var rest = crc.getValue();
    for (int i = digits.length - 1; i >= 0; i--) {
      digits[i] = BASE62.charAt((int) (rest % 62));
      rest /= 62;
    }
    return new String(digits);
  }

  private static String digits(int count) {
    return RANDOM
        .ints(count, 0, 62)
        .map(BASE62::charAt)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
