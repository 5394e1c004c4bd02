package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.jobs.Retries;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Failed jobs of the last seven days, grouped by their code. A redrive submits a new job for the
 * same user; the failed job stays failed.
 */
@Component
class Failures {

  /** The maximum number of jobs per action; the operator repeats the action for the rest. */
  static final int AT_ONCE = 500;

  /** The maximum count; a larger exact number helps nobody. */
  static final int COUNT_TO = 20_000;

  private static final String UNSETTLED =
      """
      from jobs.jobs j
      where j.state = 'failed' and j.finished_at > now() - interval '7 days'
        and not exists (select from ops.settled_failures s where s.user_id = j.user_id and s.job_id = j.id)
      """;

  private final JdbcClient database;
  private final Retries retries;
  private final TransactionTemplate transaction;
  private final OperatorAudit log;

  Failures(
      JdbcClient database, Retries retries, TransactionTemplate transaction, OperatorAudit log) {
    this.database = database;
    this.retries = retries;
    this.transaction = transaction;
    this.log = log;
  }

  /** The failed jobs with one environment and code. */
  record Group(Environment environment, String code, long count, long users, Instant newest) {}

  private record Failed(UUID userId, UUID id) {}

  /** Groups the newest failures, at most {@link #COUNT_TO}. */
  List<Group> groups() {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              database.sql("set local plan_cache_mode = force_custom_plan").update();
              return database
                  .sql(
                      "select environment, coalesce(code, '') as code, count(*) as count,"
                          + " count(distinct user_id) as users, max(finished_at) as newest from ("
                          + " select j.environment, j.code, j.user_id, j.finished_at "
                          + UNSETTLED
                          + " order by j.finished_at desc limit :count_to) failed"
                          + " group by 1, 2 order by 3 desc")
                  .param("count_to", COUNT_TO)
                  .query(
                      (row, index) ->
                          new Group(
                              Environment.of(row.getString("environment")),
                              row.getString("code"),
                              row.getLong("count"),
                              row.getLong("users"),
                              Timestamps.instant(row, "newest")))
                  .list();
            }));
  }

  /**
   * Retries the failed jobs of a group, each only once, however often operators ask for it.
   *
   * @return the number of new jobs
   */
  int redrive(Caller caller, Environment environment, String code) {
    var queued = new TreeMap<UUID, Integer>();
    for (var job : find(environment, code)) {
      if (redrive(job)) {
        queued.merge(job.userId(), 1, Integer::sum);
      }
    }
    var count = queued.values().stream().mapToInt(Integer::intValue).sum();
    if (count > 0) {
      transaction.executeWithoutResult(
          status -> {
            log.write(caller, "failures.redriven", null, details(environment, code, count));
            queued.forEach(
                (user, of) -> log.tell(user, "failures.redriven", details(environment, code, of)));
          });
    }
    return count;
  }

  /** Hides the failed jobs of a group from the list and leaves them unchanged. */
  @Transactional
  public int discard(Caller caller, Environment environment, String code) {
    var found = find(environment, code);
    var count =
        found.isEmpty()
            ? 0
            : database
                .sql(
                    """
                    insert into ops.settled_failures (user_id, job_id, how)
                    select j.user_id, j.id, 'discarded'
                    from jobs.jobs j join unnest(:users::uuid[], :jobs::uuid[]) as f (user_id, job_id)
                      on j.user_id = f.user_id and j.id = f.job_id
                    for key share of j
                    on conflict do nothing
                    """)
                .param("users", found.stream().map(Failed::userId).toArray(UUID[]::new))
                .param("jobs", found.stream().map(Failed::id).toArray(UUID[]::new))
                .update();
    if (count > 0) {
      log.write(caller, "failures.discarded", null, details(environment, code, count));
    }
    return count;
  }

  /**
   * Marks and retries a job in one commit; returns false if its user has retried it before, or if
   * it was deleted meanwhile.
   */
  private boolean redrive(Failed job) {
    try {
      return Boolean.TRUE.equals(
          transaction.execute(
              status -> {
                var first =
                    database
                            .sql(
                                """
                                insert into ops.settled_failures (user_id, job_id, how)
                                select user_id, id, 'redriven' from jobs.jobs where user_id = ? and id = ?
                                for key share
                                on conflict do nothing
                                """)
                            .params(job.userId(), job.id())
                            .update()
                        == 1;
                return first && !retries.retry(job.userId(), job.id(), null, "operator").replayed();
              }));
    } catch (Problem payloadOfOlderRules) {
      return false;
    }
  }

  private List<Failed> find(Environment environment, String code) {
    return database
        .sql(
            "select j.user_id, j.id "
                + UNSETTLED
                + " and j.environment = :environment and coalesce(j.code, '') = :code"
                + " order by j.finished_at desc limit :limit")
        .param("environment", environment.wire())
        .param("code", code)
        .param("limit", AT_ONCE)
        .query(
            (row, index) ->
                new Failed(row.getObject("user_id", UUID.class), row.getObject("id", UUID.class)))
        .list();
  }

  private static Map<String, Object> details(Environment environment, String code, int count) {
    return Map.of("environment", environment.wire(), "code", code, "count", count);
  }
}
