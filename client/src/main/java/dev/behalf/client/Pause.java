package dev.behalf.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Waits for a given time; tests replace it with one that returns at once. */
@FunctionalInterface
public interface Pause {

  /** Waits up to a quarter longer than asked, so that many clients do not come back as one. */
  Pause JITTERED =
      time -> {
        var nanos = time.toNanos();
        TimeUnit.NANOSECONDS.sleep(nanos + ThreadLocalRandom.current().nextLong(nanos / 4 + 1));
      };

  void sleep(Duration time) throws InterruptedException;
}
