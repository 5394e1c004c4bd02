package dev.behalf.web.work.outcomes;

import dev.behalf.contract.JobState;
import dev.behalf.web.work.events.JobChanges;
import dev.behalf.web.work.jobs.JobEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Repairs jobs after a lost message or a late answer. Running a job twice is safe. */
@Component
class Reconciler {

  /** Marks jobs running whose lease ended while a run of them decides how they go on. */
  private static final String FIND_RUNS =
      """
      with run as (
        select j.user_id, j.id from jobs.jobs j
        join compute.runs r on r.user_id = j.user_id and r.job_id = j.id and r.environment = j.environment
        where j.state = 'dispatched' and j.lease_until < now() and r.epoch > j.run_epoch
        limit 1000 for update of j skip locked
      )
      update jobs.jobs j set state = 'running', lease_until = null
      from run where j.user_id = run.user_id and j.id = run.id and j.state = 'dispatched'
      returning j.user_id, j.id, j.state
      """;

  /** Queues again the jobs whose lease ended without an outcome; that is not an attempt. */
  private static final String END_LEASES =
      """
      with late as (
        select j.user_id, j.id from jobs.jobs j
        where j.state = 'dispatched' and j.lease_until < now()
          and not exists (select from compute.runs r where r.user_id = j.user_id and r.job_id = j.id
                            and r.environment = j.environment and r.epoch > j.run_epoch)
        limit 1000 for update skip locked
      )
      update jobs.jobs j
      set state = 'queued', attempt = j.attempt - 1, not_before = now(), lease_until = null
      from late where j.user_id = late.user_id and j.id = late.id and j.state = 'dispatched'
      returning j.user_id, j.id, j.state
      """;

  /**
   * Marks a failed job succeeded if a call that was still under way later saved its result and
   * charged it.
   */
  private static final String FIND_LATE_RESULTS =
      """
      update jobs.jobs j
      set state = 'succeeded', units = l.units, key_id = l.key_id, code = null, detail = null
      from compute.ledger l
      where j.state = 'failed' and j.finished_at > now() - interval '1 day'
        and l.user_id = j.user_id and l.job_id = j.id and l.environment = j.environment
        and l.outcome = 'succeeded'
      returning j.user_id, j.id, j.state
      """;

  private final JdbcClient database;
  private final JobChanges changed;
  private final ApplicationEventPublisher events;

  Reconciler(JdbcClient database, JobChanges changed, ApplicationEventPublisher events) {
    this.database = database;
    this.changed = changed;
    this.events = events;
  }

  @Scheduled(fixedDelayString = "${behalf.jobs.reconcile-every:5s}")
  @Transactional
  public void endLeases() {
    var running = database.sql(FIND_RUNS).query(Reconciler::change).list();
    if (!running.isEmpty()) {
      changed.publish(running);
    }
    var ended = database.sql(END_LEASES).query(Reconciler::change).list();
    if (!ended.isEmpty()) {
      changed.publish(ended);
      events.publishEvent(new JobEvent.LeasesEnded(ended.size()));
    }
  }

  @Scheduled(fixedDelayString = "${behalf.jobs.reconcile-every:5s}")
  @Transactional
  public void findLateResults() {
    var found = database.sql(FIND_LATE_RESULTS).query(Reconciler::change).list();
    if (!found.isEmpty()) {
      changed.publish(found);
    }
  }

  private static JobChanges.Change change(ResultSet row, int index) throws SQLException {
    return new JobChanges.Change(
        row.getObject("user_id", UUID.class),
        row.getObject("id", UUID.class),
        JobState.of(row.getString("state")));
  }
}
