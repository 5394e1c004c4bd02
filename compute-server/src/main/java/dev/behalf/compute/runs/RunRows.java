package dev.behalf.compute.runs;

import dev.behalf.compute.quota.Account;
import dev.behalf.compute.quota.Holds;
import dev.behalf.contract.Environment;
import dev.behalf.contract.WireName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The table of runs. What changes a row needs the locks of the user and of the quota, in this
 * order, as for a hold.
 */
@Component
class RunRows {

  private static final String SELECT =
      """
      select r.user_id, r.job_id, r.environment, r.epoch, r.state, r.operation, r.operation_version, r.fingerprint,
             r.attempt, r.lost, r.code, r.detail, r.is_final, r.retry_after,
             exists (select from compute.replicas p where p.id = r.replica and p.lease_until > now()) as is_leased
      from compute.runs r
      """;

  private static final String OF_JOB =
      " where r.user_id = :user and r.job_id = :job and r.environment = :environment";

  private final JdbcClient database;

  RunRows(JdbcClient database) {
    this.database = database;
  }

  /** The states of a run's row. */
  enum State implements WireName {
    OPEN,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    LOST,
    HANDED_BACK
  }

  /**
   * The latest run of a job.
   *
   * @param attempt the attempt of the job, from 1
   * @param isLeased whether its replica lives, by the clock of the database
   * @param failure how it failed; null if it did not
   */
  record Latest(
      Run run, State state, int attempt, boolean isLeased, RunEnd.@Nullable Failed failure) {

    boolean isUnderWay() {
      return state.equals(State.OPEN) && isLeased;
    }

    boolean isLost() {
      return state.equals(State.OPEN) && !isLeased;
    }
  }

  Optional<Latest> find(Account account, UUID jobId) {
    return ofJob(SELECT + OF_JOB, account, jobId).query(RunRows::latest).optional();
  }

  Optional<Latest> lock(Account account, UUID jobId) {
    return ofJob(SELECT + OF_JOB + " for update of r", account, jobId)
        .query(RunRows::latest)
        .optional();
  }

  /** Locks a run and returns whether it is open: otherwise nothing that came of it counts. */
  boolean lockOpen(Run run) {
    return lock(run.work().account(), run.work().jobId())
        .filter(latest -> latest.run().epoch() == run.epoch() && latest.state().equals(State.OPEN))
        .isPresent();
  }

  /** Locks a run and returns whether it is open and its replica has lost it. */
  boolean lockLost(Run run) {
    return lock(run.work().account(), run.work().jobId())
        .filter(latest -> latest.run().epoch() == run.epoch() && latest.isLost())
        .isPresent();
  }

  /** Whether a job may be run: only web-app decides what is run, and when. */
  enum Due {
    NOW,
    LATER,
    NEVER
  }

  Due due(Account account, UUID jobId) {
    return database
        .sql(
            """
            select case when state in ('dispatched', 'running') or (state = 'queued' and not_before <= now()) then 'NOW'
                        when state = 'queued' then 'LATER' else 'NEVER' end
            from jobs.jobs where user_id = ? and id = ? and environment = ?
            """)
        .params(account.userId(), jobId, account.environment().wire())
        .query((row, index) -> Due.valueOf(row.getString(1)))
        .optional()
        .orElse(Due.NEVER);
  }

  /** Opens the next run of a job. */
  Run open(Holds.Work work, UUID replica, int attempt, int lost) {
    var epoch =
        ofJob(
                """
                insert into compute.runs as r (user_id, job_id, environment, epoch, state, replica, operation,
                                               operation_version, fingerprint, attempt, lost, started_at)
                values (:user, :job, :environment, 1, 'open', :replica, :operation, :version, :fingerprint, :attempt, :lost,
                        now())
                on conflict (user_id, job_id, environment) do update
                set epoch = r.epoch + 1, state = 'open', replica = excluded.replica, attempt = excluded.attempt,
                    lost = excluded.lost, started_at = now(), ended_at = null, code = null, detail = null,
                    is_final = false, retry_after = null
                returning epoch
                """,
                work.account(),
                work.jobId())
            .param("replica", replica)
            .param("operation", work.operation())
            .param("version", work.version())
            .param("fingerprint", work.fingerprint())
            .param("attempt", attempt)
            .param("lost", lost)
            .query(Integer.class)
            .single();
    return new Run(work, epoch, lost);
  }

  /** Ends an open run, which must be locked. */
  void end(Run run, RunEnd end) {
    var failed = end instanceof RunEnd.Failed failure ? failure : null;
    ofJob(
            """
            update compute.runs r
            set state = :state, lost = :lost, ended_at = now(), code = :code, detail = :detail, is_final = :is_final,
                retry_after = :retry_after
            """
                + OF_JOB,
            run.work().account(),
            run.work().jobId())
        .param("state", state(end).wire())
        .param("lost", end instanceof RunEnd.Lost ? run.lost() + 1 : 0)
        .param("code", failed == null ? null : failed.code())
        .param("detail", failed == null ? null : failed.detail())
        .param("is_final", failed != null && failed.isFinal())
        .param("retry_after", failed == null ? null : failed.retryAfter())
        .update();
  }

  static State state(RunEnd end) {
    return switch (end) {
      case RunEnd.Succeeded succeeded -> State.SUCCEEDED;
      case RunEnd.Failed failed -> State.FAILED;
      case RunEnd.Cancelled cancelled -> State.CANCELLED;
      case RunEnd.Lost lost -> State.LOST;
      case RunEnd.HandedBack handedBack -> State.HANDED_BACK;
    };
  }

  /**
   * An open run as its replica has to know of it.
   *
   * @param isCancelled whether the owner asks to cancel the job
   * @param isDisabled whether the owner's account is disabled
   */
  record Watched(Run run, boolean isCancelled, boolean isDisabled) {}

  List<Watched> openOf(UUID replica) {
    return database
        .sql(
            """
            select r.user_id, r.job_id, r.environment, r.epoch, r.operation, r.operation_version, r.fingerprint, r.lost,
                   c.job_id is not null as is_cancelled, u.disabled_at is not null as is_disabled
            from compute.runs r join accounts.users u on u.id = r.user_id
            left join compute.cancellations c on c.user_id = r.user_id and c.job_id = r.job_id
              and c.environment = r.environment
            where r.replica = ? and r.state = 'open'
            """)
        .param(replica)
        .query(
            (row, index) ->
                new Watched(
                    run(row), row.getBoolean("is_cancelled"), row.getBoolean("is_disabled")))
        .list();
  }

  /** Returns open runs whose replica has lost its lease. */
  List<Run> overdue(int limit) {
    return database
        .sql(
            """
            select r.user_id, r.job_id, r.environment, r.epoch, r.operation, r.operation_version, r.fingerprint, r.lost
            from compute.runs r left join compute.replicas p on p.id = r.replica
            where r.state = 'open' and coalesce(p.lease_until <= now(), true)
            limit ?
            """)
        .param(limit)
        .query((row, index) -> run(row))
        .list();
  }

  private JdbcClient.StatementSpec ofJob(String sql, Account account, UUID jobId) {
    return database
        .sql(sql)
        .param("user", account.userId())
        .param("job", jobId)
        .param("environment", account.environment().wire());
  }

  private static Latest latest(ResultSet row, int index) throws SQLException {
    var state = WireName.find(State.class, row.getString("state")).orElseThrow();
    return new Latest(
        run(row),
        state,
        row.getInt("attempt"),
        row.getBoolean("is_leased"),
        state == State.FAILED
            ? new RunEnd.Failed(
                row.getString("code"),
                row.getString("detail"),
                row.getBoolean("is_final"),
                row.getObject("retry_after", Integer.class))
            : null);
  }

  private static Run run(ResultSet row) throws SQLException {
    return new Run(
        new Holds.Work(
            new Account(
                row.getObject("user_id", UUID.class), Environment.of(row.getString("environment"))),
            row.getObject("job_id", UUID.class),
            row.getString("operation"),
            row.getInt("operation_version"),
            row.getBytes("fingerprint")),
        row.getInt("epoch"),
        row.getInt("lost"));
  }
}
