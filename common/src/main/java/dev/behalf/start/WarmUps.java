package dev.behalf.start;

import java.time.Duration;
import java.util.List;

/** Runs the warm-ups of a service. */
public final class WarmUps {

  /** A warm-up takes less than a second, unless a database or a broker is away. */
  private static final Duration AT_MOST = Duration.ofSeconds(3);

  private WarmUps() {}

  /**
   * Runs each part, and returns after 3 s at most; what is left then goes on in the background. A
   * part that fails keeps no other from running: whatever is away is reported by the readiness
   * check, and by whoever needs it.
   */
  public static void run(List<? extends WarmUp> parts) throws InterruptedException {
    Thread.ofVirtual().name("warm-up").start(() -> parts.forEach(WarmUps::run)).join(AT_MOST);
  }

  @SuppressWarnings("IllegalCatch") // any failure leaves the first job as slow as it was
  private static void run(WarmUp part) {
    try {
      part.warmUp();
    } catch (Throwable failed) {
      // Said above.
    }
  }
}
