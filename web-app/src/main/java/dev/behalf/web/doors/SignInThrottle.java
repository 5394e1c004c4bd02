package dev.behalf.web.doors;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.ArrayList;
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

  /**
   * Takes one try, before the password is looked at: so many at once are no more than one after the
   * other. Says whether there was one left.
   */
  public boolean take(String account, String address) {
    var taken = new ArrayList<Bucket>();
    for (var bucket : buckets(account, address)) {
      if (!bucket.tryConsume(1)) {
        taken.forEach(one -> one.addTokens(1));
        return false;
      }
      taken.add(bucket);
    }
    return true;
  }

  /** The password was right: the try counts for nothing. */
  public void giveBack(String account, String address) {
    buckets(account, address).forEach(bucket -> bucket.addTokens(1));
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
