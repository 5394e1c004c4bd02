package dev.behalf.web.site.security;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.behalf.contract.Sha256;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Limits the attempts per name in a time window. It keeps a digest of each name: callers can choose
 * a name of any length, and it costs the same memory. Each replica counts for itself.
 */
public final class Throttle {

  private static final int MAX_KEPT = 100_000;

  private final int most;
  private final Duration window;
  private final LoadingCache<String, Bucket> buckets;

  public Throttle(int most, Duration window) {
    this.most = most;
    this.window = window;
    this.buckets =
        Caffeine.newBuilder().maximumSize(MAX_KEPT).expireAfterAccess(window).build(this::full);
  }

  /** Takes one attempt; returns how long to wait if none is left. */
  public Optional<Duration> take(String who) {
    var probe = bucket(who).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(roundedUp(probe.getNanosToWaitForRefill()));
  }

  /** Gives back an attempt that does not count. */
  public void giveBack(String who) {
    bucket(who).addTokens(1);
  }

  private Bucket bucket(String who) {
    return buckets.get(HexFormat.of().formatHex(Sha256.of(who)));
  }

  private Bucket full(String digest) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(most).refillGreedy(most, window))
        .build();
  }

  private static Duration roundedUp(long nanos) {
    return Duration.ofSeconds(Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + 999_999_999)));
  }
}
