package dev.behalf.e2e.faults;

import java.time.Duration;
import org.awaitility.Awaitility;

/** The length of a fault: nothing is waited for but its end. */
final class Pause {

  private Pause() {}

  static void of(Duration length) {
    var end = System.nanoTime() + length.toNanos();
    Awaitility.await()
        .atMost(length.plusSeconds(10))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> System.nanoTime() >= end);
  }
}
