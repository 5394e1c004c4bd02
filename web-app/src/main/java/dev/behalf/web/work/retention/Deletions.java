package dev.behalf.web.work.retention;

import dev.behalf.contract.Environment;
import dev.behalf.web.work.batches.OldBatches;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
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

  private final RetentionSettings settings;
  private final InstantSource clock;
  private final ReentrantLock running = new ReentrantLock();

  /** When each walk begins or goes on. */
  private final Map<Walk, Instant> due = new LinkedHashMap<>();

  Deletions(
      JdbcClient database,
      OldJobs jobs,
      OldBatches batches,
      RetentionSettings settings,
      InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    for (var environment : Environment.values()) {
      due.put(
          new WalkByUser(database, jobs, batches, environment, settings.days(environment)),
          Instant.MIN);
    }
    due.put(new WalkByOperation(database, jobs), Instant.MIN);
  }

  /** At a fixed rate, so that a long statement delays no other task; one run at a time. */
  @Scheduled(fixedRateString = "1s", initialDelayString = "${behalf.retention.first:1m}")
  void run() {
    if (!running.tryLock()) {
      return;
    }
    try {
      long until = System.nanoTime() + SHARE.toNanos();
      while (System.nanoTime() < until && step()) {}
    } finally {
      running.unlock();
    }
  }

  /** Deletes a piece of each walk that is due, and returns whether there was one. */
  private boolean step() {
    boolean stepped = false;
    for (var walk : due.entrySet()) {
      if (!clock.instant().isBefore(walk.getValue())) {
        stepped = true;
        if (walk.getKey().step()) {
          walk.setValue(clock.instant().plus(settings.every()));
        }
      }
    }
    return stepped;
  }
}
