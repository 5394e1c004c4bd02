package dev.behalf.cli.api;

import java.time.Duration;

/** How to wait; a test does not. */
@FunctionalInterface
public interface Pause {

  void sleep(Duration time) throws InterruptedException;
}
