package dev.behalf.web.webhooks;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The retry schedule of deliveries: ten attempts over three days, as Standard Webhooks proposes,
 * with a jitter of 10 % either way on each pause.
 */
record RetrySchedule(RandomGenerator random) {

  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(14),
          Duration.ofHours(20),
          Duration.ofHours(24));

  private static final Duration LONGEST_ASKED = Duration.ofHours(24);
  private static final double JITTER = 0.1;

  /**
   * Returns the pause after a failed attempt; empty if that attempt was the last.
   *
   * @param tried the number of attempts so far
   * @param askedFor the pause that the endpoint asked for, capped at 24 hours; it can lengthen the
   *     scheduled pause but not shorten it
   */
  Optional<Duration> after(int tried, @Nullable Duration askedFor) {
    if (tried > PAUSES.size()) {
      return Optional.empty();
    }
    var usual = PAUSES.get(Math.max(1, tried) - 1);
    var factor = 1 + random.nextDouble(-JITTER, JITTER);
    var pause = Duration.ofMillis(Math.round(usual.toMillis() * factor));
    if (askedFor == null) {
      return Optional.of(pause);
    }
    var asked = askedFor.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : askedFor;
    return Optional.of(asked.compareTo(pause) > 0 ? asked : pause);
  }
}
