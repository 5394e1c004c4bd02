package dev.behalf.web.work.outcomes;

import dev.behalf.contract.JobState;
import dev.behalf.server.background.BackgroundLoop;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.web.work.jobs.JobEvent;
import dev.behalf.web.work.outcomes.JobRows.Ref;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Settles the ends of runs: at once when compute-server tells of one, and each second those that
 * nobody has told of. The rows of the runs alone say how they ended.
 */
@Component
class RunEnds implements SmartLifecycle, Notifications.Listener {

  private static final String ENDED = "behalf_runs_ended";
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int A_ROUND = 200;

  /** Most ends to remember; the poll finds the others. */
  private static final int REMEMBERED = 10_000;

  private final Settler settler;
  private final JdbcClient database;
  private final ApplicationEventPublisher events;
  private final BlockingQueue<Ref> told = new LinkedBlockingQueue<>(REMEMBERED);
  private long polled = System.nanoTime();
  private final BackgroundLoop loop = new BackgroundLoop("run-ends", this::turn);

  RunEnds(
      Settler settler,
      JdbcClient database,
      ApplicationEventPublisher events,
      Notifications notifications) {
    this.settler = settler;
    this.database = database;
    this.events = events;
    notifications.listen(ENDED, this);
  }

  @Override
  public void received(String ids) {
    var parts = ids.split(" ", -1);
    if (told.offer(new Ref(UUID.fromString(parts[0]), UUID.fromString(parts[1])))) {
      loop.wake();
    }
  }

  @Override
  public void resumed() {
    loop.wake();
  }

  private void turn() {
    loop.isWokenWithin(POLL);
    try {
      var jobs = new LinkedHashSet<Ref>();
      told.drainTo(jobs, A_ROUND);
      if (System.nanoTime() - polled >= POLL.toNanos()) {
        jobs.addAll(find(JobState.RUNNING));
        jobs.addAll(find(JobState.DISPATCHED));
        polled = System.nanoTime();
      }
      settle(jobs);
      if (!told.isEmpty()) {
        loop.wake();
      }
    } catch (DataAccessException | TransactionException databaseAway) {
      events.publishEvent(new JobEvent.SettleFailed(String.valueOf(databaseAway.getMessage())));
    }
  }

  private void settle(Set<Ref> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    try {
      settler.settleRuns(jobs);
    } catch (DataAccessException | TransactionException failed) {
      if (jobs.size() == 1) {
        throw failed;
      }
      // One that cannot be settled does not keep the others.
      jobs.forEach(job -> settleAlone(job));
    }
  }

  private void settleAlone(Ref job) {
    try {
      settler.settleRuns(List.of(job));
    } catch (DataAccessException | TransactionException failed) {
      events.publishEvent(new JobEvent.SettleFailed(String.valueOf(failed.getMessage())));
    }
  }

  /** Finds jobs whose run has ended, among the few that are running or on their way to one. */
  private Collection<Ref> find(JobState state) {
    return database
        .sql(
            // The state is a literal, so that the planner can use its partial index.
            """
            select j.user_id, j.id
            from (values ('live'), ('test')) as of (environment)
            join jobs.jobs j on j.environment = of.environment and j.state = '%s' and left(j.pool, 3) = 'op:'
            join compute.runs r on r.user_id = j.user_id and r.job_id = j.id and r.environment = j.environment
            where r.epoch > j.run_epoch and r.state <> 'open'
            limit :limit
            """
                .formatted(state.wire()))
        .param("limit", A_ROUND)
        .query(
            (row, index) ->
                new Ref(row.getObject("user_id", UUID.class), row.getObject("id", UUID.class)))
        .list();
  }

  @Override
  public void start() {
    loop.start();
  }

  @Override
  public void stop() {
    loop.stop(PATIENCE);
  }

  @Override
  public boolean isRunning() {
    return loop.isRunning();
  }
}
