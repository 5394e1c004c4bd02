package dev.behalf.web.work.retention;

import dev.behalf.contract.Environment;
import dev.behalf.web.work.batches.OldBatches;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes ended jobs and batches that are old, in pieces and at most half of the time. Replicas may
 * do so at once.
 */
@Component
class Deletions {

  /** How long a run works, of each second. */
  private static final Duration SHARE = Duration.ofMillis(500);

  private final List<Walk> walks;
  private final RetentionSettings settings;
  private final InstantSource clock;
  private final ReentrantLock running = new ReentrantLock();
  private Instant nextRound = Instant.MIN;
  private int walking;

  Deletions(
      JdbcClient database,
      OldJobs jobs,
      OldBatches batches,
      RetentionSettings settings,
      InstantSource clock) {
    // By operation last: batches are deleted by then, which their jobs wait for.
    this.walks =
        List.of(
            new WalkByUser(database, jobs, batches, Environment.TEST, settings.test()),
            new WalkByUser(database, jobs, batches, Environment.LIVE, settings.live()),
            new WalkByOperation(database, jobs));
    this.settings = settings;
    this.clock = clock;
  }

  /** At a fixed rate, so that a long statement delays no other task; one run at a time. */
  @Scheduled(fixedRateString = "1s", initialDelayString = "${behalf.retention.first:1m}")
  void run() {
    if (!running.tryLock()) {
      return;
    }
    try {
      long until = System.nanoTime() + SHARE.toNanos();
      while (!clock.instant().isBefore(nextRound) && System.nanoTime() < until) {
        if (walks.get(walking).step()) {
          walking = (walking + 1) % walks.size();
          nextRound = walking == 0 ? clock.instant().plus(settings.every()) : Instant.MIN;
        }
      }
    } finally {
      running.unlock();
    }
  }
}
