package dev.behalf.web.operators.console;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Counts the jobs of an operation, for an operator who is about to retire it. */
@Component
class OperationUse {

  private final JdbcClient database;
  private final TransactionTemplate transaction;

  OperationUse(JdbcClient database, TransactionTemplate transaction) {
    this.database = database;
    this.transaction = transaction;
  }

  /**
   * The jobs that were submitted in the last hour.
   *
   * @param jobs their number, counted to 100,001
   * @param users the number of users who submitted them
   */
  record Recent(long jobs, long users) {}

  /** Returns the use of an operation; null if it cannot be read within 5 seconds. */
  @Nullable Recent recent(String operation) {
    try {
      return Objects.requireNonNull(transaction.execute(status -> read(operation)));
    } catch (DataAccessException slow) {
      return null;
    }
  }

  private Recent read(String operation) {
    database.sql("set local plan_cache_mode = force_custom_plan").update();
    database.sql("set local statement_timeout = '5s'").update();
    return database
        .sql(
            """
            select count(*) as jobs, count(distinct user_id) as users from (
              select user_id from jobs.jobs where operation = ? and created_at > now() - interval '1 hour'
              limit 100001) recent
            """)
        .param(operation)
        .query((row, index) -> new Recent(row.getLong("jobs"), row.getLong("users")))
        .single();
  }
}
