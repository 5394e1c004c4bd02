package dev.behalf.cli.api;

import java.time.Duration;

/** Waits for a given time; tests replace it with one that returns at once. */
@FunctionalInterface
public interface Pause {

  void sleep(Duration time) throws InterruptedException;
}
