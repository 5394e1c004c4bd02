package dev.behalf.web.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.testkit.Person;
import dev.behalf.testkit.TestDatabase;
import dev.behalf.web.WebAppTest;
import dev.behalf.web.billing.statements.StatementQueries;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** 20,000 jobs of one user in this month, and twice as many of others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlansTest extends WebAppTest {

  private final YearMonth month = YearMonth.now(ZoneOffset.UTC);

  private Person ada;
  private UUID user;

  @BeforeAll
  void twentyThousandJobs() throws Exception {
    ada = signUp();
    user = userId(ada);
    sql(
        "insert into accounts.users (id, email, password_hash, created_at, version)"
            + " select md5('other' || i)::uuid, 'other' || i || '@example.com', '', now(), 0 from generate_series(1, 100) i");
    fill("'" + user + "'::uuid", 20_000);
    fill("md5('other' || (1 + i % 100))::uuid", 40_000);
    await().until(PlansTest::vacuumed);
  }

  /**
   * Vacuums, and returns whether an index-only scan of the ledger is cheap now: a transaction of a
   * background task that does not see the new rows yet keeps their pages from being marked.
   */
  private static boolean vacuumed() {
    sql("vacuum analyze");
    return number(
            "select relallvisible * 100 / relpages from pg_class where oid = 'compute.ledger'::regclass")
        >= 95;
  }

  @Test
  void every_read_goes_by_an_index() throws Exception {
    try (var connection = DATABASE.connect(DATABASE.roles().owner())) {
      var database = JdbcClient.create(new SingleConnectionDataSource(connection, true));
      // As web-app's connections are: where there is no index, it is read whole all the same.
      database.sql("set enable_seqscan = off").update();
      var statements =
          new ArrayList<>(
              List.of(
                  HourlyUsage.CHARGED, HourlyUsage.UNCHARGED, HourlyUsage.REFUSED, KeyNames.NAMES));
      statements.addAll(StatementQueries.ALL);
      for (var statement : statements) {
        assertThat(plan(database, statement)).as(statement).doesNotContain("Seq Scan");
      }
      assertThat(plan(database, StatementQueries.STATEMENT))
          .contains("Index Only Scan using ledger_of_period");
      assertThat(plan(database, HourlyUsage.UNCHARGED))
          .containsAnyOf("jobs_uncharged", "jobs_not_well");
    }
  }

  @Test
  void no_page_reads_a_table_of_all_users_whole() {
    var paths =
        List.of(
            "/home",
            "/jobs",
            "/jobs?q=state:failed",
            "/jobs?q=state:failed+op:embed",
            "/jobs?q=op:embed+since:1h",
            "/usage",
            "/usage?by=key",
            "/usage?by=state",
            "/billing",
            "/billing/" + month,
            "/billing/" + month + "/charges",
            "/billing/" + month + "/charges?op=embed",
            "/billing/" + month + "/charges?op=none",
            "/jobs/" + job() + "/receipt");
    // A connection's process at the server reports its statistics before it ends.
    TestDatabase.disconnect(DATABASE);
    await()
        .until(
            () ->
                number(
                        """
                        select count(*) from pg_stat_activity
                        where datname = current_database() and usename = current_user
                          and pid <> pg_backend_pid()
                        """)
                    == 0);
    var scans = readWhole();
    for (var path : paths) {
      assertThat(status(path)).as(path).isEqualTo(200);
    }
    // A connection reports its statistics after ten idle seconds at the latest.
    await().pollDelay(Duration.ofSeconds(11)).atMost(Duration.ofSeconds(12)).until(() -> true);
    assertThat(readWhole()).isEqualTo(scans);
  }

  private int status(String path) {
    try {
      return ada.page(path).statusCode();
    } catch (Exception e) {
      throw new IllegalStateException(path, e);
    }
  }

  private static String readWhole() {
    return text(
        """
        select string_agg(relname || ' ' || seq_scan, ', ' order by relname) from pg_stat_user_tables
        where schemaname || '.' || relname in ('jobs.jobs', 'compute.results', 'compute.ledger', 'compute.ledger_hours')
        """);
  }

  private String job() {
    return text("select job_id::text from compute.ledger where user_id = '" + user + "' limit 1");
  }

  private String plan(JdbcClient database, String statement) {
    var values = new HashMap<String, Object>();
    values.put("user", user);
    values.put("environment", "live");
    values.put("period", month.toString());
    values.put("since", month.atDay(1).toString());
    values.put("by", "operation");
    values.put("operation", null);
    values.put("key", null);
    values.put("before", null);
    values.put("limit", 51);
    values.put("job", UUID.fromString(job()));
    var text =
        statement
            .replace(">= :since", ">= :since::timestamptz")
            .replace("::timestamptz::date", "::date");
    values.keySet().removeIf(name -> !text.contains(":" + name));
    return String.join(
        "\n", database.sql("explain " + text).params(values).query(String.class).list());
  }

  /** Spread over the hours of the month until now; one in ten fails. */
  private void fill(String who, int jobs) {
    sql(
        """
        with made as (
          select %1$s as user_id, gen_random_uuid() as id, i,
                 (array['echo', 'classify', 'embed', 'keywords'])[1 + i %% 4] as operation,
                 now() - (now() - date_trunc('month', now(), 'UTC')) * (i / %2$d.0) as at
          from generate_series(1, %2$d) i
        ), queued as (
          insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, fingerprint, created_at,
                                 finished_at)
          select user_id, id, 'live', operation, '{"operation":"echo","text":"x"}',
                 case when i %% 10 = 0 then 'failed' else 'succeeded' end, at, '', at, at from made
        ), results as (
          insert into compute.results select user_id, id, 'live', operation, '', '{}', 1 + i %% 5, at from made
          returning user_id
        ), charges as (
          insert into compute.ledger
          select user_id, id, 'live', '%3$s', 1 + i %% 5, 'managed00000', at, operation, 'key00000000' || i %% 3 from made
          returning user_id, units
        )
        insert into compute.quota select user_id, 'live', '%3$s', 1000000000, sum(units) from charges group by 1
        """
            .formatted(who, jobs, month));
  }
}
