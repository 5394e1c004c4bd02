package dev.behalf.web.work.jobs;

import dev.behalf.contract.JobState;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.sql.Timestamps;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Cancels jobs, queued or already with a worker. Either a job is cancelled and costs nothing, or
 * its result was saved first; never both.
 */
@Component
public class Cancellations {

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final JobChanges changed;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  Cancellations(
      JdbcClient database,
      TransactionTemplate transaction,
      JobChanges changed,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.changed = changed;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Cancels a job. A cancelled job stays cancelled.
   *
   * @throws Problem {@code job_ended} if the job has succeeded or failed, or if its result is
   *     already saved
   */
  public void cancel(UUID userId, UUID id) {
    transaction.executeWithoutResult(status -> end(userId, id));
    events.publishEvent(new JobEvent.Cancelled(userId, id));
  }

  /**
   * Ends a job under an exclusive lock on the user's row. compute-server holds a shared lock on
   * that row while it saves and charges, so a result that it has saved can be seen here, and
   * compute-server never charges a job that this method has added to {@code compute.cancellations}.
   */
  private void end(UUID userId, UUID id) {
    database
        .sql("select 1 from accounts.users where id = ? for update")
        .params(userId)
        .query()
        .listOfRows();
    record Row(String environment, JobState state) {}
    var job =
        database
            .sql("select environment, state from jobs.jobs where user_id = ? and id = ? for update")
            .params(userId, id)
            .query(
                (row, index) ->
                    new Row(row.getString("environment"), JobState.of(row.getString("state"))))
            .optional()
            .orElseThrow(Problem::notFound);
    if (job.state() == JobState.CANCELLED) {
      return;
    }
    if (job.state().isFinal() || isSaved(userId, id, job.environment())) {
      throw new Problem(ProblemCode.JOB_ENDED, "The job has ended: read the job for its outcome.");
    }
    var now = Timestamps.of(clock.instant());
    database
        .sql(
            "insert into compute.cancellations (user_id, job_id, environment, cancelled_at) values (?, ?, ?, ?)")
        .params(userId, id, job.environment(), now)
        .update();
    database
        .sql(
            """
            update jobs.jobs set state = 'cancelled', lease_until = null, finished_at = :now, code = null, detail = null
            where user_id = :user and id = :id and state
            """
                + JobState.in(JobState::isOpen))
        .param("now", now)
        .param("user", userId)
        .param("id", id)
        .update();
    changed.publish(List.of(new JobChanges.Change(userId, id, JobState.CANCELLED)));
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
