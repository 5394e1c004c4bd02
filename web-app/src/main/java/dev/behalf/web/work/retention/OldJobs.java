package dev.behalf.web.work.retention;

import dev.behalf.contract.Environment;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.work.jobs.JobEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes old jobs piece by piece. It waits for no row: what somebody else has locked is left for
 * the next walk.
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

  /** Finds the next old jobs, then locks their users against deletion, then the jobs. */
  private static final String LOCK =
      """
      with old as materialized (${found}),
      living as materialized (
        select id from accounts.users where id in (select user_id from old) for key share skip locked),
      locked as (
        select j.user_id, j.id from jobs.jobs j
        where (j.user_id, j.id) in (select user_id, id from old) and j.user_id in (select id from living)
        for update skip locked)
      select old.*, locked.id is not null as is_locked from old left join locked using (user_id, id)
      order by ${order}
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
  record Old(
      UUID userId,
      UUID id,
      Environment environment,
      Instant finishedAt,
      Instant horizon,
      boolean isLocked) {}

  /**
   * Deletes the jobs that a query finds, but those that are locked, and returns all that it found.
   *
   * @param found a query for user_id, id, environment, finished_at and horizon of at most {@link
   *     #MOST} jobs
   * @param order columns of the query
   */
  List<Old> delete(String found, String order, Map<String, ?> parameters) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              var old = lock(found, order, parameters);
              Arrays.stream(Environment.values()).forEach(one -> delete(one, old));
              return old;
            }));
  }

  private List<Old> lock(String found, String order, Map<String, ?> parameters) {
    return database
        .sql(LOCK.replace("${found}", found).replace("${order}", order))
        .params(parameters)
        .query(
            (row, index) ->
                new Old(
                    row.getObject("user_id", UUID.class),
                    row.getObject("id", UUID.class),
                    Environment.of(row.getString("environment")),
                    Timestamps.instant(row, "finished_at"),
                    Timestamps.instant(row, "horizon"),
                    row.getBoolean("is_locked")))
        .list();
  }

  private void delete(Environment environment, List<Old> old) {
    var locked =
        old.stream().filter(one -> one.isLocked() && one.environment() == environment).toList();
    if (locked.isEmpty()) {
      return;
    }
    int deleted =
        database
            .sql("select jobs.delete_ended(?, ?::uuid[], ?::uuid[], ?::timestamptz[])")
            .params(
                environment.wire(),
                locked.stream().map(one -> one.userId().toString()).toArray(String[]::new),
                locked.stream().map(one -> one.id().toString()).toArray(String[]::new),
                locked.stream().map(one -> one.horizon().toString()).toArray(String[]::new))
            .query(Integer.class)
            .single();
    if (deleted > 0) {
      events.publishEvent(new JobEvent.Deleted(environment, deleted));
    }
  }
}
