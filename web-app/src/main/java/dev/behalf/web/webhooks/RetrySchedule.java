package dev.behalf.web.webhooks;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a delivery is tried again: ten attempts over three days, as Standard Webhooks propose, each
 * pause up to a tenth longer or shorter.
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
   * The pause after an attempt that has failed; nothing where it was the last.
   *
   * @param tried attempts so far
   * @param askedFor by the endpoint: it may be left alone for longer, not be tried sooner
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
