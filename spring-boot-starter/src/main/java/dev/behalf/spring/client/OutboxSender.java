package dev.behalf.spring.client;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Sends what has stayed in the outbox: after a crash, and after the server was away. */
class OutboxSender implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(OutboxSender.class);

  private static final int AT_ONCE = 16;

  private final Outbox outbox;
  private final BehalfClient client;
  private final Duration pause;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private volatile @Nullable Thread thread;

  OutboxSender(Outbox outbox, BehalfClient client, Duration pause) {
    this.outbox = outbox;
    // The next round is the retry: one row must not hold up the others.
    this.client = client.retrying(RetryPolicy.NEVER);
    this.pause = pause;
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().daemon().name("behalf-outbox").start(this::rounds);
  }

  private void rounds() {
    try {
      while (true) {
        round();
        Thread.sleep(pause);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var row : outbox.due()) {
        places.acquire();
        threads.execute(() -> send(row));
      }
    } catch (RuntimeException failed) {
      LOG.warn("The outbox could not be read: {}", failed.getMessage());
    }
  }

  private void send(Outbox.Row row) {
    try {
      var unused = outbox.send(row, client);
    } catch (RuntimeException failed) {
      // The outbox has said why.
      LOG.debug("The job {} was not submitted.", row.submission(), failed);
    } finally {
      places.release();
    }
  }

  @Override
  public void stop() {
    var running = thread;
    if (running != null) {
      running.interrupt();
      thread = null;
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }
}
