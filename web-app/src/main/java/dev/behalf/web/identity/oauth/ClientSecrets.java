package dev.behalf.web.identity.oauth;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Generates and checks the secrets of applications. They are as long and random as a key's, so that
 * a fast hash protects them as well as a slow one, and an anonymous guesser takes no hashing
 * capacity from users who sign in. Spring's server hashes older secrets anew at their next use.
 */
final class ClientSecrets implements PasswordEncoder {

  private static final String SHA256 = "{sha256}";
  private static final Pattern SHAPE = Pattern.compile("bhs_[0-9A-Za-z]{32}");

  private final PasswordEncoder slow =
      new DelegatingPasswordEncoder(
          "argon2id", Map.of("argon2id", new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2)));
  private final Semaphore oneAtATime = new Semaphore(1);

  /** Generates a secret. Its first letters distinguish it from a key. */
  static String next() {
    return "bhs_" + ApiKeyFormat.generate(Environment.LIVE).secret();
  }

  @Override
  public String encode(@Nullable CharSequence secret) {
    return SHA256 + HexFormat.of().formatHex(Sha256.of(String.valueOf(secret)));
  }

  @Override
  public boolean matches(@Nullable CharSequence secret, @Nullable String hash) {
    if (secret == null || hash == null || !SHAPE.matcher(secret).matches()) {
      return false;
    }
    return hash.startsWith(SHA256)
        ? MessageDigest.isEqual(bytes(encode(secret)), bytes(hash))
        : matchesSlowly(secret, hash);
  }

  @Override
  public boolean upgradeEncoding(@Nullable String hash) {
    return hash != null && !hash.startsWith(SHA256);
  }

  private boolean matchesSlowly(CharSequence secret, String hash) {
    oneAtATime.acquireUninterruptibly();
    try {
      return slow.matches(secret, hash);
    } finally {
      oneAtATime.release();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
