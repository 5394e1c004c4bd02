package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.server.sql.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads the backlog, throughput and times of both environments from the tables, by index. Arrivals
 * and charges are counted by the time of their insertion.
 */
@Component
class QueueMetrics {

  /** The maximum count of queued jobs; a larger exact number helps nobody. */
  static final int COUNT_TO = 100_000;

  /** The number of queued jobs per environment that are checked for why they wait. */
  private static final int LOOKED_AT = 500;

  private static final Duration LATELY = Duration.ofMinutes(5);
  private static final Duration HOUR = Duration.ofHours(1);

  private static final String STANDING =
      """
      with recursive lanes as (
        (select environment, pool, user_id from jobs.jobs where state = 'queued'
         order by environment, pool, user_id, priority, not_before, id limit 1)
        union all
        select n.environment, n.pool, n.user_id from lanes l cross join lateral (
          select environment, pool, user_id from jobs.jobs
          where state = 'queued' and (environment, pool, user_id) > (l.environment, l.pool, l.user_id)
          order by environment, pool, user_id, priority, not_before, id limit 1) n
      ), heads as (
        select l.environment, l.user_id, h.not_before
        from (select * from lanes limit 2000) l
        cross join (values (0), (1), (2)) as rank (priority)
        cross join lateral (
          select not_before from jobs.jobs
          where environment = l.environment and pool = l.pool and user_id = l.user_id and priority = rank.priority
            and state = 'queued'
          order by not_before, id limit 1) h
        where h.not_before <= now()
      )
      select e.environment,
        (select count(*) from (select from jobs.jobs where environment = e.environment and state = 'queued'
                               limit 100001) queued) as queued,
        (select count(*) from jobs.jobs where environment = e.environment and state = 'dispatched')
          + (select count(*) from jobs.jobs where environment = e.environment and state = 'running') as out,
        (select min(not_before) from heads h where h.environment = e.environment) as oldest,
        (select count(distinct user_id) from heads h where h.environment = e.environment) as users,
        (select count(*) from (select code from jobs.jobs where environment = e.environment and state = 'queued'
                               limit :looked_at) next where code = 'unavailable') as put_off
      from (values ('live'), ('test')) as e (environment)
      """;

  /** The sums of the stored minutes within the last hour; nothing if one of them is missing. */
  private static final String STORED =
      """
      select environment, max(minute) + interval '1 minute' as until,
        sum(arrived)::bigint as arrived, sum(succeeded)::bigint as succeeded, sum(failed)::bigint as failed
      from ops.minutes where arrived is not null and minute > now() - interval '1 hour' group by 1
      having min(minute) <= now() - interval '59 minutes'
        and max(minute) - min(minute) = (count(*) - 1) * interval '1 minute'
      """;

  private static final String ARRIVALS =
      """
      select environment, count(*) filter (where created_at > now() - interval '5 minutes') as lately,
        count(*) filter (where created_at > :until) as later
      from jobs.jobs where created_at > least(:until, now() - interval '5 minutes') group by 1
      """;

  /** Counts successes by their ledger entries. */
  private static final String CHARGES =
      """
      select environment, count(*) filter (where created_at > now() - interval '5 minutes') as lately,
        count(*) filter (where created_at > :until) as later
      from compute.ledger
      where created_at > least(:until, now() - interval '5 minutes') and outcome = 'succeeded' group by 1
      """;

  private static final String FAILURES =
      """
      select environment, count(*) filter (where finished_at > now() - interval '5 minutes') as lately,
        count(*) filter (where finished_at > :until) as later
      from jobs.jobs
      where state = 'failed' and finished_at > least(:until, now() - interval '5 minutes') group by 1
      """;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final JobTimes times;

  QueueMetrics(JdbcClient database, TransactionTemplate transaction, JobTimes times) {
    this.database = database;
    this.times = times;
    this.transaction = transaction;
  }

  /**
   * The jobs that are queued and in flight now.
   *
   * @param users the users with a due job
   * @param putOff the jobs among the next 500 that wait because compute-server was unavailable
   */
  record Backlog(long queued, long out, @Nullable Instant oldest, long users, long putOff) {}

  /** The jobs that arrived and ended in the last {@code minutes} minutes. */
  record Flow(
      int minutes, long arrived, long succeeded, long failed, JobTimes.@Nullable Times times) {

    public double arrivedAMinute() {
      return (double) arrived / minutes;
    }

    public double endedAMinute() {
      return (double) (succeeded + failed) / minutes;
    }

    /** Returns the share of failures among the jobs that ended without being cancelled. */
    public double failedShare() {
      return succeeded + failed == 0 ? 0 : (double) failed / (succeeded + failed);
    }
  }

  record Of(Environment environment, Backlog now, Flow lately, Flow hour) {

    /**
     * Returns the seconds until the queue is empty at the rate of the last minutes and without new
     * jobs; null if no jobs ended.
     */
    public @Nullable Double drainSeconds() {
      var ends = lately.endedAMinute();
      return now.queued() + now.out() == 0
          ? Double.valueOf(0)
          : ends == 0 ? null : Double.valueOf((now.queued() + now.out()) / ends * 60);
    }
  }

  private record Counts(long lately, long hour) {
    static final Counts NONE = new Counts(0, 0);

    Counts plus(Counts more) {
      return new Counts(lately + more.lately, hour + more.hour);
    }
  }

  /** The sums of the stored minutes within the last hour, which end at {@code until}. */
  private record Stored(Instant until, long arrived, long succeeded, long failed) {}

  /** Returns the metrics of both environments, live first. */
  List<Of> read() {
    return Objects.requireNonNull(transaction.execute(status -> readNow()));
  }

  private List<Of> readNow() {
    // Do not reuse a plan made for an empty table, and do not let a page wait forever.
    database.sql("set local plan_cache_mode = force_custom_plan").update();
    database.sql("set local statement_timeout = '5s'").update();
    var standing = standing();
    var now = now();
    var stored = stored();
    var until =
        stored.values().stream()
            .map(Stored::until)
            .max(Comparator.naturalOrder())
            .orElse(now.minus(HOUR));
    var arrivals = counts(ARRIVALS, until, stored, Stored::arrived);
    var charges = counts(CHARGES, until, stored, Stored::succeeded);
    var failures = counts(FAILURES, until, stored, Stored::failed);
    var lately =
        times.between(
            now.minus(LATELY), now, charges.values().stream().mapToLong(Counts::lately).sum());
    var hour =
        times.between(
            now.minus(HOUR), now, charges.values().stream().mapToLong(Counts::hour).sum());
    return Arrays.stream(Environment.values())
        .map(
            e -> {
              var arrived = arrivals.getOrDefault(e, Counts.NONE);
              var charged = charges.getOrDefault(e, Counts.NONE);
              var failed = failures.getOrDefault(e, Counts.NONE);
              return new Of(
                  e,
                  standing.getOrDefault(e, new Backlog(0, 0, null, 0, 0)),
                  new Flow(5, arrived.lately(), charged.lately(), failed.lately(), lately.get(e)),
                  new Flow(60, arrived.hour(), charged.hour(), failed.hour(), hour.get(e)));
            })
        .toList();
  }

  private Instant now() {
    return database
        .sql("select now() as now")
        .query((row, index) -> Timestamps.instant(row, "now"))
        .single();
  }

  private Map<Environment, Backlog> standing() {
    var standing = new EnumMap<Environment, Backlog>(Environment.class);
    database
        .sql(STANDING)
        .param("looked_at", LOOKED_AT)
        .query(
            row -> {
              standing.put(
                  Environment.of(row.getString("environment")),
                  new Backlog(
                      row.getLong("queued"),
                      row.getLong("out"),
                      Timestamps.instantOrNull(row, "oldest"),
                      row.getLong("users"),
                      row.getLong("put_off")));
            });
    return standing;
  }

  private Map<Environment, Stored> stored() {
    var stored = new EnumMap<Environment, Stored>(Environment.class);
    database
        .sql(STORED)
        .query(
            row -> {
              stored.put(
                  Environment.of(row.getString("environment")),
                  new Stored(
                      Timestamps.instant(row, "until"),
                      row.getLong("arrived"),
                      row.getLong("succeeded"),
                      row.getLong("failed")));
            });
    return stored;
  }

  /** Adds what came after the stored minutes to their sums. */
  private Map<Environment, Counts> counts(
      String query, Instant until, Map<Environment, Stored> stored, ToLongFunction<Stored> sum) {
    var counts = new EnumMap<Environment, Counts>(Environment.class);
    stored.forEach(
        (environment, minutes) -> counts.put(environment, new Counts(0, sum.applyAsLong(minutes))));
    database
        .sql(query)
        .param("until", Timestamps.of(until))
        .query(
            row -> {
              counts.merge(
                  Environment.of(row.getString("environment")),
                  new Counts(row.getLong("lately"), row.getLong("later")),
                  Counts::plus);
            });
    return counts;
  }
}
