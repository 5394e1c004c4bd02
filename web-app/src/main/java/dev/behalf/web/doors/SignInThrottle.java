package dev.behalf.web.doors;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * Slows down who guesses passwords: by account and address together, by address, and by account
 * alone with more patience, so that nobody is shut out by somebody else's guesses. Each replica
 * counts for itself.
 */
@Component
public class SignInThrottle {

  private static final Duration WINDOW = Duration.ofMinutes(15);
  private static final int MISSES_OF_BOTH = 10;
  private static final int MISSES_OF_ONE = 100;

  private final LoadingCache<String, Bucket> ofBoth = buckets(MISSES_OF_BOTH);
  private final LoadingCache<String, Bucket> ofOne = buckets(MISSES_OF_ONE);

  /** Whether there was not too much guessing yet. */
  public boolean mayTry(String account, String address) {
    return buckets(account, address).stream()
        .allMatch(bucket -> bucket.estimateAbilityToConsume(1).canBeConsumed());
  }

  /** A password was wrong. */
  public void missed(String account, String address) {
    buckets(account, address).forEach(bucket -> bucket.tryConsume(1));
  }

  private List<Bucket> buckets(String account, String address) {
    var name = account.strip().toLowerCase(Locale.ROOT);
    return List.of(
        ofBoth.get(name + " " + address), ofOne.get("from " + address), ofOne.get("to " + name));
  }

  private static LoadingCache<String, Bucket> buckets(int misses) {
    return Caffeine.newBuilder()
        .maximumSize(100_000)
        .expireAfterAccess(WINDOW)
        .build(
            name ->
                Bucket.builder()
                    .addLimit(limit -> limit.capacity(misses).refillGreedy(misses, WINDOW))
                    .build());
  }
}
