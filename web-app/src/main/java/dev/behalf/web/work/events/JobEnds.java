package dev.behalf.web.work.events;

import dev.behalf.contract.JobState;
import dev.behalf.server.notifications.Notifications;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Lets a request wait for the end of a job. */
@Component
public class JobEnds implements SmartLifecycle, Notifications.Listener {

  /** Most requests of one user in this replica that wait; others are answered at once. */
  private static final int MAX_OF_USER = 20;

  /** A notification can be lost. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final JdbcClient database;
  private volatile boolean isRunning;
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

  JobEnds(JdbcClient database, Notifications notifications) {
    this.database = database;
    notifications.listen(JobChanges.CHANNEL, this);
  }

  private static final class Waiter {
    private final UUID userId;
    private final UUID jobId;
    private final Semaphore news = new Semaphore(0);

    private Waiter(UUID userId, UUID jobId) {
      this.userId = userId;
      this.jobId = jobId;
    }
  }

  /**
   * Waits until a job of the user has ended.
   *
   * @return whether the request may have waited: not if too many requests of the user do
   */
  public boolean await(UUID userId, UUID jobId, Duration atMost) {
    if (waiters.stream().filter(other -> other.userId.equals(userId)).count() >= MAX_OF_USER) {
      return false;
    }
    var waiter = new Waiter(userId, jobId);
    waiters.add(waiter);
    try {
      var until = System.nanoTime() + atMost.toNanos();
      var left = atMost.toNanos();
      while (left > 0 && isRunning && !hasEnded(userId, jobId)) {
        if (waiter.news.tryAcquire(Math.min(left, LOOK_AGAIN.toNanos()), TimeUnit.NANOSECONDS)) {
          waiter.news.drainPermits();
        }
        left = until - System.nanoTime();
      }
    } catch (DataAccessException | TransactionException databaseAway) {
      // What the request has done is done: it is answered as it stands.
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      waiters.remove(waiter);
    }
    return true;
  }

  private boolean hasEnded(UUID userId, UUID jobId) {
    return database
        .sql("select state from jobs.jobs where user_id = ? and id = ?")
        .params(userId, jobId)
        .query((row, index) -> JobState.of(row.getString("state")).isFinal())
        .optional()
        .orElse(true);
  }

  @Override
  public void received(String payload) {
    if (waiters.isEmpty()) {
      return;
    }
    for (var change : JobChanges.Notification.read(payload).changes()) {
      if (change.state().isFinal()) {
        waiters.stream()
            .filter(waiter -> waiter.jobId.equals(change.jobId()))
            .forEach(waiter -> waiter.news.release());
      }
    }
  }

  @Override
  public void start() {
    isRunning = true;
  }

  /** Has all requests answered that wait: the web server stops after this. */
  @Override
  public void stop() {
    isRunning = false;
    resumed();
  }

  @Override
  public boolean isRunning() {
    return isRunning;
  }

  @Override
  public void resumed() {
    waiters.forEach(waiter -> waiter.news.release());
  }
}
