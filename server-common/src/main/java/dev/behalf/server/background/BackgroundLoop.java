package dev.behalf.server.background;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Runs a task repeatedly on its own thread until it is stopped. */
public final class BackgroundLoop {

  private static final Duration PAUSE_AFTER_A_FAULT = Duration.ofSeconds(1);

  private final String name;
  private final Runnable round;
  private final Semaphore work = new Semaphore(0);
  private volatile @Nullable Thread thread;

  /**
   * Creates a loop, which does not run yet.
   *
   * @param round called repeatedly while the loop runs; it decides itself when to wait
   */
  public BackgroundLoop(String name, Runnable round) {
    this.name = name;
    this.round = round;
  }

  public void start() {
    // Set before the thread starts: the loop runs while this field is set.
    var starting = Thread.ofPlatform().name(name).unstarted(this::run);
    thread = starting;
    starting.start();
  }

  /** Stops the loop and waits for the current round to end, for at most the given time. */
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

  /** Wakes a waiting round, because there is something to do. */
  public void wake() {
    if (work.availablePermits() == 0) {
      work.release();
    }
  }

  /**
   * Wakes a waiting round after the commit of the current transaction, since other connections see
   * its rows only then; at once outside a transaction.
   */
  public void wakeAfterCommit() {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      wake();
      return;
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            wake();
          }
        });
  }

  /**
   * Waits inside a round until the loop is woken or the time is over; returns whether it was woken.
   */
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
      try {
        round.run();
      } catch (RuntimeException | Error fault) {
        // A round deals with what it expects; no fault of one may end all others in silence.
        var current = Thread.currentThread();
        current.getUncaughtExceptionHandler().uncaughtException(current, fault);
        isWokenWithin(PAUSE_AFTER_A_FAULT);
      }
    }
  }
}
