package dev.behalf.web.work.retention;

import dev.behalf.contract.Environment;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.work.jobs.JobEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds and deletes old jobs. It waits for no job and no user: what somebody else has locked is
 * left for the next time.
 */
@Component
class OldJobs {

  /** The jobs of a piece. */
  static final int MOST = 500;

  /**
   * Condition for jobs {@code j} without a batch, or whose batch was deleted: a batch is deleted
   * before its jobs, so that it never shows some of them only. It is looked up as a value, because
   * PostgreSQL would read all batches for "not exists".
   */
  static final String WITHOUT_BATCH =
      "(select b.id from jobs.batches b where b.user_id = j.user_id and b.id = j.batch_id) is null";

  /** Locks the users of the jobs against deletion, then the jobs. */
  private static final String LOCK =
      """
      with old as materialized (select * from unnest(?::uuid[], ?::uuid[]) as o (user_id, id)),
      living as materialized (
        select id from accounts.users where id in (select user_id from old) for key share skip locked)
      select j.id from jobs.jobs j
      where (j.user_id, j.id) in (select user_id, id from old) and j.user_id in (select id from living)
      for update skip locked
      """;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;

  OldJobs(JdbcClient database, TransactionTemplate transaction, ApplicationEventPublisher events) {
    this.database = database;
    this.transaction = transaction;
    this.events = events;
  }

  /**
   * A job that is old.
   *
   * @param horizon the time before which jobs like it are old
   */
  record Old(UUID userId, UUID id, Environment environment, Instant finishedAt, Instant horizon) {}

  /**
   * Returns the jobs that a query finds.
   *
   * @param query for user_id, id, environment, finished_at and horizon of at most {@link #MOST}
   *     jobs
   */
  List<Old> find(String query, Map<String, ?> parameters) {
    return database
        .sql(query)
        .params(parameters)
        .query(
            (row, index) ->
                new Old(
                    row.getObject("user_id", UUID.class),
                    row.getObject("id", UUID.class),
                    Environment.of(row.getString("environment")),
                    Timestamps.instant(row, "finished_at"),
                    Timestamps.instant(row, "horizon")))
        .list();
  }

  /** Deletes those of the jobs that nobody has locked. */
  void delete(List<Old> old) {
    for (var environment : Environment.values()) {
      var jobs = old.stream().filter(one -> one.environment() == environment).toList();
      int deleted =
          jobs.isEmpty()
              ? 0
              : Objects.requireNonNull(transaction.execute(status -> delete(environment, jobs)));
      if (deleted > 0) {
        events.publishEvent(new JobEvent.Deleted(environment, deleted));
      }
    }
  }

  private int delete(Environment environment, List<Old> old) {
    var locked =
        Set.copyOf(
            database
                .sql(LOCK)
                .params(texts(old, Old::userId), texts(old, Old::id))
                .query(UUID.class)
                .list());
    var free = old.stream().filter(one -> locked.contains(one.id())).toList();
    return free.isEmpty()
        ? 0
        : database
            .sql("select jobs.delete_ended(?, ?::uuid[], ?::uuid[], ?::timestamptz[])")
            .params(
                environment.wire(),
                texts(free, Old::userId),
                texts(free, Old::id),
                texts(free, Old::horizon))
            .query(Integer.class)
            .single();
  }

  private static String[] texts(List<Old> old, Function<Old, Object> value) {
    return old.stream().map(one -> value.apply(one).toString()).toArray(String[]::new);
  }
}
