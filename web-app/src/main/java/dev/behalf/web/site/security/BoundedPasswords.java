package dev.behalf.web.site.security;

import java.text.Normalizer;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.util.function.SingletonSupplier;

/**
 * Hashes at most as many passwords at once as there are processors: each hash uses 19 MiB while it
 * is computed. Passwords are normalised before hashing (NFC; NIST SP 800-63B, 3.1.1.2), so that the
 * letters count and not how a keyboard composes them.
 */
final class BoundedPasswords implements PasswordEncoder {

  private final PasswordEncoder encoder;
  private final SingletonSupplier<String> nobodys;
  private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  BoundedPasswords(PasswordEncoder encoder) {
    this.encoder = encoder;
    this.nobodys = SingletonSupplier.of(() -> Objects.requireNonNull(encoder.encode("of nobody")));
  }

  @Override
  public @Nullable String encode(@Nullable CharSequence password) {
    return inTurn(() -> encoder.encode(normalised(password)));
  }

  @Override
  public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
    if (hash == null) {
      // An account without a password, of another provider. Hash anyway: the answer must take as
      // long as for any other account.
      inTurn(() -> encoder.matches(password, nobodys.obtain()));
      return false;
    }
    var normalised = normalised(password);
    return inTurn(() -> encoder.matches(normalised, hash))
        // A hash from before passwords were normalised.
        || (normalised != null
            && !normalised.contentEquals(Objects.requireNonNull(password))
            && inTurn(() -> encoder.matches(password, hash)));
  }

  private static @Nullable String normalised(@Nullable CharSequence password) {
    return password == null ? null : Normalizer.normalize(password, Normalizer.Form.NFC);
  }

  @Override
  public boolean upgradeEncoding(@Nullable String hash) {
    return encoder.upgradeEncoding(hash);
  }

  private <T extends @Nullable Object> T inTurn(Supplier<T> work) {
    turns.acquireUninterruptibly();
    try {
      return work.get();
    } finally {
      turns.release();
    }
  }
}
