package dev.behalf.server.apikeys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Checks keys against hashes of djangorestframework-api-key (crypto.py of 3.1, and Django's
 * PBKDF2PasswordHasher). Both hashes cover the whole key, including its prefix.
 */
final class ImportedHashes {

  private static final String SHA512 = "sha512$$";
  private static final Pattern PBKDF2 =
      Pattern.compile("pbkdf2_sha256\\$([1-9]\\d{0,6})\\$([^$]{1,128})\\$([A-Za-z0-9+/=]{44})");

  /**
   * Wrong guesses allowed per PBKDF2 hash within a minute; then the hash rejects every key until
   * that minute is over. Key prefixes are not secret, so anyone can guess at a hash.
   */
  private static final int MAX_MISSES = 5;

  private final Cache<String, AtomicInteger> misses =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(1)).build();

  /** Limits PBKDF2 to half the processors: one check takes about 0.1 s of processor time. */
  private final Semaphore slow =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

  boolean matches(SecretHash.Sha512 hash, String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-512").digest(ascii(key));
      return MessageDigest.isEqual(
          ascii(SHA512 + HexFormat.of().formatHex(digest)), ascii(hash.encoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has SHA-512.", e);
    }
  }

  boolean matches(SecretHash.Pbkdf2 hash, String key) {
    var parts = PBKDF2.matcher(hash.encoded());
    var missed = misses.get(hash.encoded(), fresh -> new AtomicInteger());
    if (!parts.matches() || missed.get() >= MAX_MISSES) {
      return false;
    }
    var spec =
        new PBEKeySpec(
            key.toCharArray(),
            parts.group(2).getBytes(StandardCharsets.UTF_8),
            Integer.parseInt(parts.group(1)),
            256);
    slow.acquireUninterruptibly();
    try {
      // Check again: other requests may have guessed wrong during the wait.
      if (missed.get() >= MAX_MISSES) {
        return false;
      }
      var derived =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      var isRight = MessageDigest.isEqual(derived, Base64.getDecoder().decode(parts.group(3)));
      if (!isRight) {
        missed.incrementAndGet();
      }
      return isRight;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has PBKDF2WithHmacSHA256.", e);
    } finally {
      slow.release();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
