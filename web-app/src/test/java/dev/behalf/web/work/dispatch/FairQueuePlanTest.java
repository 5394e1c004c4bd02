package dev.behalf.web.work.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Pool;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A round is planned once for each connection, perhaps while there is not one job. That plan must
 * do for all that comes.
 */
class FairQueuePlanTest {

  private static final int ROOM = 256;

  /**
   * From then on PostgreSQL's driver lets the server keep the statement, and the server its plan.
   */
  private static final int USES = 6;

  private final BehalfDatabase behalf = TestDatabase.create();

  @Test
  void a_plan_that_was_made_for_an_empty_table_reads_few_rows_for_each_job_of_a_backlog()
      throws SQLException {
    try (var connection = behalf.connect(behalf.roles().owner())) {
      var source = new SingleConnectionDataSource(connection, true);
      var database = JdbcClient.create(source);
      var transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
      var turns = new FairQueue(database, Instant::now);
      // As web-app's connections are.
      database.sql("set enable_seqscan = off").update();
      for (int i = 0; i < USES; i++) {
        transaction.executeWithoutResult(status -> assertThat(take(turns)).isZero());
      }

      fill(database, "queued", 50, 400);
      var read = rowsReadByARound(database, transaction, turns);
      fill(database, "succeeded", 50, 2_000);
      database.sql("vacuum analyze jobs.jobs").update();
      var readBesideFinished = rowsReadByARound(database, transaction, turns);

      assertThat(read).isLessThan(20 * ROOM);
      assertThat(readBesideFinished).isLessThan(20 * ROOM);
    }
  }

  private static long rowsReadByARound(
      JdbcClient database, TransactionTemplate transaction, FairQueue turns) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              status.setRollbackOnly();
              var before = rowsRead(database);
              assertThat(take(turns)).isEqualTo(ROOM);
              return rowsRead(database) - before;
            }));
  }

  private static long rowsRead(JdbcClient database) {
    return database
        .sql(
            """
            select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables
            where schemaname = 'jobs' and relname = 'jobs'
            """)
        .query(Long.class)
        .single();
  }

  private static int take(FairQueue turns) {
    var room =
        new FairQueue.Room(ROOM, Long.MAX_VALUE, Duration.ofDays(1), Capacity.UNKNOWN, 100, 100);
    return turns.take(Environment.LIVE, Pool.QUICK, room, Duration.ofMinutes(2)).size();
  }

  private static void fill(JdbcClient database, String state, int users, int each) {
    database
        .sql(
            """
            insert into accounts.users (id, email, created_at, version)
            select md5('user' || n)::uuid, 'user' || n || '@example.com', now(), 0 from generate_series(1, :users) n
            on conflict do nothing
            """)
        .param("users", users)
        .update();
    database
        .sql(
            """
            insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, fingerprint, created_at)
            select md5('user' || n)::uuid, gen_random_uuid(), 'live', 'echo', '{"operation": "echo", "text": "a"}',
                   :state, now(), '', now()
            from generate_series(1, :users) n, generate_series(1, :each)
            """)
        .param("state", state)
        .param("users", users)
        .param("each", each)
        .update();
  }
}
