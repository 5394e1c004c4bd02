package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.server.sql.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Stores the figures of each minute and environment, once a minute in one replica, and keeps them
 * for a day. A minute in which no replica ran, or whose figures could not be read within 5 seconds,
 * has none.
 */
@Component
class MinuteFigures {

  /** The number of minutes that {@link #lastHour} returns. */
  static final int MINUTES = 60;

  /** Claims the last minute, 10 seconds after its end: by then most outcomes of it are stored. */
  private static final String CLAIM =
      """
      insert into ops.minutes (minute, environment)
      select date_trunc('minute', now() - interval '10 seconds') - interval '1 minute', environment
      from (values ('live'), ('test')) as e (environment)
      on conflict do nothing returning minute
      """;

  private static final String COUNTS =
      """
      select e.environment, coalesce(a.jobs, 0) as arrived, coalesce(s.jobs, 0) as succeeded, coalesce(f.jobs, 0) as failed,
        (select count(*) from (select from jobs.jobs where environment = e.environment and state = 'queued'
                               limit 100001) queued) as queued,
        (select count(*) from jobs.jobs where environment = e.environment and state = 'dispatched')
          + (select count(*) from jobs.jobs where environment = e.environment and state = 'running') as in_flight
      from (values ('live'), ('test')) as e (environment)
      left join (select environment, count(*) as jobs from jobs.jobs
                 where created_at > :from and created_at <= :until group by 1) a using (environment)
      left join (select environment, count(*) as jobs from compute.ledger
                 where created_at > :from and created_at <= :until and outcome = 'succeeded' group by 1) s using (environment)
      left join (select environment, count(*) as jobs from jobs.jobs
                 where state = 'failed' and finished_at > :from and finished_at <= :until group by 1) f using (environment)
      """;

  private static final String LAST_HOUR =
      """
      select coalesce(m.minute, slot) as minute, arrived, succeeded, failed, queued, in_flight, wait_p95, run_p95
      from (select date_trunc('minute', now() - interval '30 seconds') as until) newest
      cross join lateral generate_series(until - make_interval(mins => :minutes), until - interval '1 minute',
                                         interval '1 minute') slot
      left join ops.minutes m on m.minute = slot and m.environment = :environment
      order by slot
      """;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final JobTimes times;

  MinuteFigures(JdbcClient database, TransactionTemplate transaction, JobTimes times) {
    this.database = database;
    this.transaction = transaction;
    this.times = times;
  }

  /**
   * One minute of an environment.
   *
   * @param at its beginning
   * @param counts null if nothing was stored
   * @param longWait the 95th percentile of the wait times, in seconds; null if no sampled job
   *     succeeded
   * @param longRun the 95th percentile of the run times, in seconds
   */
  record Minute(
      Instant at, @Nullable Counts counts, @Nullable Double longWait, @Nullable Double longRun) {}

  /** The jobs of one minute; those queued and in flight are as of the end of the minute. */
  record Counts(long arrived, long succeeded, long failed, long queued, long inFlight) {

    /** Returns the jobs that ended without being cancelled. */
    public long finished() {
      return succeeded + failed;
    }

    /** Returns the jobs that had not ended. */
    public long depth() {
      return queued + inFlight;
    }
  }

  /** Stores the figures of the last minute, unless another replica has claimed it. */
  @Scheduled(initialDelayString = "10s", fixedRateString = "10s")
  void inTurn() {
    database.sql(CLAIM).query((row, index) -> Timestamps.instant(row, "minute")).list().stream()
        .findFirst()
        .ifPresent(this::store);
  }

  /** Returns the last 60 minutes, the oldest first. */
  List<Minute> lastHour(Environment environment) {
    return database
        .sql(LAST_HOUR)
        .param("minutes", MINUTES)
        .param("environment", environment.wire())
        .query(
            (row, index) ->
                new Minute(
                    Timestamps.instant(row, "minute"),
                    row.getObject("arrived") == null ? null : counts(row),
                    row.getObject("wait_p95", Double.class),
                    row.getObject("run_p95", Double.class)))
        .list();
  }

  /** Completes the claimed rows of a minute. */
  void store(Instant minute) {
    try {
      transaction.executeWithoutResult(status -> storeNow(minute));
    } catch (DataAccessException | TransactionException unread) {
      // The gap in the picture says it.
    }
  }

  private void storeNow(Instant minute) {
    database.sql("set local plan_cache_mode = force_custom_plan").update();
    database.sql("set local statement_timeout = '5s'").update();
    var until = minute.plus(Duration.ofMinutes(1));
    var counted = counted(minute, until);
    var charges = counted.values().stream().mapToLong(Counts::succeeded).sum();
    var sampled = times.between(minute, until, charges);
    counted.forEach(
        (environment, counts) -> {
          var took = sampled.get(environment);
          database
              .sql(
                  """
              update ops.minutes set arrived = :arrived, succeeded = :succeeded, failed = :failed,
                queued = :queued, in_flight = :in_flight, wait_p95 = :wait, run_p95 = :run
              where minute = :minute and environment = :environment
              """)
              .param("arrived", counts.arrived())
              .param("succeeded", counts.succeeded())
              .param("failed", counts.failed())
              .param("queued", counts.queued())
              .param("in_flight", counts.inFlight())
              .param("wait", took == null ? null : took.longWait())
              .param("run", took == null ? null : took.longRun())
              .param("minute", Timestamps.of(minute))
              .param("environment", environment.wire())
              .update();
        });
    database.sql("delete from ops.minutes where minute < now() - interval '1 day'").update();
  }

  private Map<Environment, Counts> counted(Instant from, Instant until) {
    var counted = new EnumMap<Environment, Counts>(Environment.class);
    database
        .sql(COUNTS)
        .param("from", Timestamps.of(from))
        .param("until", Timestamps.of(until))
        .query(
            row -> {
              counted.put(Environment.of(row.getString("environment")), counts(row));
            });
    return counted;
  }

  private static Counts counts(ResultSet row) throws SQLException {
    return new Counts(
        row.getLong("arrived"),
        row.getLong("succeeded"),
        row.getLong("failed"),
        row.getLong("queued"),
        row.getLong("in_flight"));
  }
}
