package dev.behalf.web.work.jobs;

import dev.behalf.contract.JobState;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.work.events.JobChanges;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Cancels jobs, queued, with a worker or running. Either a job is cancelled, or its result was
 * saved first; never both. A job that runs stays so until its run has been stopped, and costs what
 * its operation says; any other cancelled job costs nothing.
 */
@Component
public class Cancellations {

  /** Channel on which compute-server hears that a run is to be stopped. */
  private static final String STOP = "behalf_runs_cancelled";

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final JobChanges changed;
  private final Notifications notifications;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  Cancellations(
      JdbcClient database,
      TransactionTemplate transaction,
      JobChanges changed,
      Notifications notifications,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.changed = changed;
    this.notifications = notifications;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Cancels a job, or asks its run to stop. A cancelled job stays cancelled.
   *
   * @throws Problem {@code job_ended} if the job has succeeded or failed, or if its result is
   *     already saved
   */
  public void cancel(UUID userId, UUID id) {
    var event = Objects.requireNonNull(transaction.execute(status -> end(userId, id)));
    events.publishEvent(event);
  }

  /**
   * Ends a job under an exclusive lock on the user's row. compute-server holds a shared lock on
   * that row while it saves and charges, so a result that it has saved can be seen here, and
   * compute-server never charges a job that this method has added to {@code compute.cancellations}.
   *
   * <p>The job is locked before the user, as everywhere in web-app: whoever has locked a job may
   * write a row that refers to its user.
   */
  private JobEvent end(UUID userId, UUID id) {
    database
        .sql("select 1 from jobs.jobs where user_id = ? and id = ? for update")
        .params(userId, id)
        .query()
        .listOfRows();
    database
        .sql("select 1 from accounts.users where id = ? for update")
        .params(userId)
        .query()
        .listOfRows();
    var job = lock(userId, id);
    if (job.state() == JobState.CANCELLED) {
      return new JobEvent.Cancelled(userId, id);
    }
    if (job.state().isFinal() || job.hasFinalRun() || isSaved(userId, id, job.environment())) {
      throw new Problem(ProblemCode.JOB_ENDED, "The job has ended: read the job for its outcome.");
    }
    var now = Timestamps.of(clock.instant());
    database
        .sql(
            """
            insert into compute.cancellations (user_id, job_id, environment, cancelled_at) values (?, ?, ?, ?)
            on conflict do nothing
            """)
        .params(userId, id, job.environment(), now)
        .update();
    return job.hasOpenRun() ? ask(userId, id, now) : cancel(userId, id, now);
  }

  /**
   * A locked job.
   *
   * @param run the state of the run that decides how the job goes on; null for none
   * @param isFinal whether a failed run ends the job
   */
  private record Row(String environment, JobState state, @Nullable String run, boolean isFinal) {

    boolean hasOpenRun() {
      // A run that was stopped by an earlier request is on its way to the job.
      return run != null && List.of("open", "cancelled").contains(run);
    }

    boolean hasFinalRun() {
      return run != null && (isFinal || run.equals("succeeded"));
    }
  }

  private Row lock(UUID userId, UUID id) {
    return database
        .sql(
            """
            select j.environment, j.state, r.state as run, coalesce(r.is_final, false) as is_final
            from jobs.jobs j left join compute.runs r on r.user_id = j.user_id and r.job_id = j.id
              and r.environment = j.environment and r.epoch > j.run_epoch
            where j.user_id = ? and j.id = ? for update of j
            """)
        .params(userId, id)
        .query(
            (row, index) ->
                new Row(
                    row.getString("environment"),
                    JobState.of(row.getString("state")),
                    row.getString("run"),
                    row.getBoolean("is_final")))
        .optional()
        .orElseThrow(Problem::notFound);
  }

  /** Has compute-server stop the run; its end cancels the job. */
  private JobEvent ask(UUID userId, UUID id, OffsetDateTime now) {
    var isFirst =
        database
                .sql(
                    "update jobs.jobs set cancel_asked_at = ? where user_id = ? and id = ? and cancel_asked_at is null")
                .params(now, userId, id)
                .update()
            > 0;
    if (isFirst) {
      notifications.send(STOP, userId + " " + id);
    }
    return new JobEvent.CancelAsked(userId, id);
  }

  private JobEvent cancel(UUID userId, UUID id, OffsetDateTime now) {
    database
        .sql(
            """
            update jobs.jobs j
            set state = 'cancelled', lease_until = null, finished_at = :now, code = null, detail = null,
                run_epoch = greatest(run_epoch, (select r.epoch from compute.runs r where r.user_id = j.user_id
                                                   and r.job_id = j.id and r.environment = j.environment))
            where user_id = :user and id = :id and state
            """
                + JobState.in(JobState::isOpen))
        .param("now", now)
        .param("user", userId)
        .param("id", id)
        .update();
    changed.publish(List.of(new JobChanges.Change(userId, id, JobState.CANCELLED)));
    return new JobEvent.Cancelled(userId, id);
  }

  private boolean isSaved(UUID userId, UUID id, String environment) {
    return database
        .sql("select 1 from compute.results where user_id = ? and job_id = ? and environment = ?")
        .params(userId, id, environment)
        .query((row, index) -> true)
        .optional()
        .isPresent();
  }
}
