package dev.behalf.web.work.outcomes;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Exponential backoff with full jitter: anything between nothing and twice as long as before. */
record Backoff(Duration first, Duration slowest, RandomGenerator random) {

  /**
   * The pause after a failed attempt.
   *
   * @param attempt counts from 1
   * @param atLeastSeconds what the other side asked for, if it did
   */
  Duration after(int attempt, @Nullable Integer atLeastSeconds) {
    var bound = Math.min(slowest.toMillis(), first.toMillis() * (1L << Math.min(attempt - 1, 20)));
    var least = atLeastSeconds == null ? 0 : Math.min(slowest.toMillis(), atLeastSeconds * 1_000L);
    return Duration.ofMillis(least + random.nextLong(bound + 1));
  }
}
