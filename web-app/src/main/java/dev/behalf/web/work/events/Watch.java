package dev.behalf.web.work.events;

import dev.behalf.contract.Environment;
import dev.behalf.web.site.security.Admissions.Credential;
import dev.behalf.web.work.events.EventRows.End;
import dev.behalf.web.work.events.EventRows.Said;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One watcher of one job. It holds at most one batch: the next is read when the watcher has taken
 * it, so a slow one costs no memory and misses nothing.
 */
final class Watch {

  private final UUID userId;
  private final UUID jobId;
  private final Environment environment;
  private final Credential credential;
  private final BlockingQueue<Batch> next = new ArrayBlockingQueue<>(1);
  private volatile long after;
  private volatile boolean isClosed;

  Watch(UUID userId, UUID jobId, Environment environment, Credential credential, long after) {
    this.userId = userId;
    this.jobId = jobId;
    this.environment = environment;
    this.credential = credential;
    this.after = after;
  }

  /**
   * What there is to tell.
   *
   * @param end the end of the job; null if it goes on
   */
  record Batch(List<Said> said, @Nullable End end) {

    boolean isLast() {
      return end != null;
    }
  }

  UUID userId() {
    return userId;
  }

  UUID jobId() {
    return jobId;
  }

  Environment environment() {
    return environment;
  }

  Credential credential() {
    return credential;
  }

  /** Returns the number of the last event that was read for the watcher. */
  long after() {
    return after;
  }

  boolean isReady() {
    return next.isEmpty() && !isClosed;
  }

  void tell(Batch batch) {
    if (!batch.said().isEmpty()) {
      after = batch.said().getLast().seq();
    }
    next.add(batch);
  }

  /** Returns the next batch, or null if there is none within the time. */
  @Nullable Batch await(Duration time) throws InterruptedException {
    return next.poll(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  void close() {
    isClosed = true;
  }

  boolean isClosed() {
    return isClosed;
  }
}
