package dev.behalf.web.identity.secondfactor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.net.URLEncoder;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;

/**
 * The secret that an authenticator app shares, as TOTP (RFC 6238) with what all apps understand:
 * SHA-1, six digits, 30 seconds.
 *
 * @param secret in Base32, without padding
 */
record Totp(String secret) {

  private static final TimeBasedOneTimePasswordGenerator CODES =
      new TimeBasedOneTimePasswordGenerator();

  private static final SecureRandom RANDOM = new SecureRandom();

  /** RFC 4226, section 4: 160 bits. */
  private static final int BYTES = 20;

  static Totp random() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new Totp(Base32.toBase32String(bytes).replace("=", ""));
  }

  /** Returns the address by which an app takes the secret, as a text or as a QR code. */
  String uri(String account) {
    return "otpauth://totp/Behalf:%s?secret=%s&issuer=Behalf"
        .formatted(URLEncoder.encode(account, UTF_8).replace("+", "%20"), secret);
  }

  /**
   * Returns the time step of a code that is valid now, or was or will be half a minute from now:
   * clocks differ, and people need time to type.
   */
  OptionalLong step(String code, Instant now) {
    long present = now.getEpochSecond() / CODES.getTimeStep().toSeconds();
    return LongStream.rangeClosed(present - 1, present + 1)
        .filter(step -> MessageDigest.isEqual(code(step).getBytes(US_ASCII), code.getBytes(UTF_8)))
        .findFirst();
  }

  private String code(long step) {
    try {
      var key = new SecretKeySpec(Base32.decode(secret), CODES.getAlgorithm());
      return CODES.generateOneTimePasswordString(
          key, Instant.ofEpochSecond(step * CODES.getTimeStep().toSeconds()));
    } catch (InvalidKeyException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String toString() {
    return "TOTP";
  }
}
