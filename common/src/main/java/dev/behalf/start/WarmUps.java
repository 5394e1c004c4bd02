package dev.behalf.start;

import java.time.Duration;
import java.util.List;

/** Runs the warm-ups of a service. */
public final class WarmUps {

  /** A warm-up takes less than a second, unless a database or a broker is unreachable. */
  private static final Duration AT_MOST = Duration.ofSeconds(3);

  private WarmUps() {}

  /**
   * Runs each step, and returns after 3 s at most; the remaining steps then continue in the
   * background. A step that fails does not stop the others: the readiness check reports a database
   * or a broker that is unreachable, and so does the first job that needs it.
   */
  public static void run(List<? extends WarmUp> steps) throws InterruptedException {
    Thread.ofVirtual().name("warm-up").start(() -> steps.forEach(WarmUps::run)).join(AT_MOST);
  }

  @SuppressWarnings("IllegalCatch") // any failure leaves the first job as slow as it was
  private static void run(WarmUp step) {
    try {
      step.warmUp();
    } catch (Throwable failed) {
      // See the description of run(List).
    }
  }
}
