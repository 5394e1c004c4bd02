package dev.behalf.web.site;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does something over and over on a thread of its own, until it is to stop. */
public final class BackgroundLoop {

  private final String name;
  private final Runnable round;
  private final Semaphore work = new Semaphore(0);
  private volatile @Nullable Thread thread;

  /**
   * Prepares it.
   *
   * @param round is called as long as the loop runs; it says itself when it waits
   */
  public BackgroundLoop(String name, Runnable round) {
    this.name = name;
    this.round = round;
  }

  public void start() {
    // Known before it runs: it goes on for as long as it is.
    var starting = Thread.ofPlatform().name(name).unstarted(this::run);
    thread = starting;
    starting.start();
  }

  /** Lets the round end that is under way, and waits so long for it. */
  public void stop(Duration patience) {
    var running = thread;
    thread = null;
    if (running != null) {
      wake();
      try {
        running.join(patience);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  public boolean isRunning() {
    return thread != null;
  }

  /** There is something to do: it need not wait until it looks. */
  public void wake() {
    if (work.availablePermits() == 0) {
      work.release();
    }
  }

  /** Waits, inside a round, until it is woken; says whether it was. */
  public boolean isWokenWithin(Duration time) {
    try {
      var woken = work.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
      work.drainPermits();
      return woken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread = null;
      return false;
    }
  }

  private void run() {
    while (isRunning()) {
      round.run();
    }
  }
}
