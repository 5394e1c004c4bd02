package dev.behalf.web.work.outcomes;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Exponential backoff with full jitter: a random pause from zero to a bound that starts at {@code
 * first} and doubles with each attempt, up to {@code slowest}.
 */
record Backoff(Duration first, Duration slowest, RandomGenerator random) {

  /**
   * Returns the pause after a failed attempt.
   *
   * @param attempt number of the failed attempt, from 1
   * @param atLeastSeconds pause that the other side asked for, if any, in seconds, of which at most
   *     {@code slowest} counts; the random pause is added to it
   */
  Duration after(int attempt, @Nullable Integer atLeastSeconds) {
    var bound = Math.min(slowest.toMillis(), first.toMillis() * (1L << Math.min(attempt - 1, 20)));
    var least = atLeastSeconds == null ? 0 : Math.min(slowest.toMillis(), atLeastSeconds * 1_000L);
    return Duration.ofMillis(least + random.nextLong(bound + 1));
  }
}
