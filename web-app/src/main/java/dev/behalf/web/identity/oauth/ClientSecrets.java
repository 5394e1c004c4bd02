package dev.behalf.web.identity.oauth;

import dev.behalf.contract.ClientCredentials;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Checks the secrets of clients. Their hash is a fast one, so that an anonymous guesser takes no
 * hashing capacity from users who sign in. Spring's server hashes older secrets anew at their next
 * use.
 */
final class ClientSecrets implements PasswordEncoder {

  private final PasswordEncoder slow =
      new DelegatingPasswordEncoder(
          "argon2id", Map.of("argon2id", new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2)));
  private final Semaphore oneAtATime = new Semaphore(1);

  @Override
  public String encode(@Nullable CharSequence secret) {
    return ClientCredentials.hash(String.valueOf(secret));
  }

  @Override
  public boolean matches(@Nullable CharSequence secret, @Nullable String hash) {
    if (secret == null || hash == null || !ClientCredentials.SECRET.matcher(secret).matches()) {
      return false;
    }
    return hash.startsWith(ClientCredentials.SHA256)
        ? MessageDigest.isEqual(bytes(encode(secret)), bytes(hash))
        : matchesSlowly(secret, hash);
  }

  @Override
  public boolean upgradeEncoding(@Nullable String hash) {
    return hash != null && !hash.startsWith(ClientCredentials.SHA256);
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
