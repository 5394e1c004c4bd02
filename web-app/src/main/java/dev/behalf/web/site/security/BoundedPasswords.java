package dev.behalf.web.site.security;

import java.text.Normalizer;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.util.function.SingletonSupplier;

/**
 * Lets no more passwords be hashed at once than there are processors: each takes 19 MiB for a
 * while. Letters count, not how a keyboard puts them together: a password is normalised before it
 * is hashed (NFC; NIST SP 800-63B, 3.1.1.2).
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
      // An account of another provider; the answer takes as long as for any other.
      inTurn(() -> encoder.matches(password, nobodys.obtain()));
      return false;
    }
    var normalised = normalised(password);
    return inTurn(() -> encoder.matches(normalised, hash))
        // Hashed as it came, before passwords were normalised.
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
