package dev.behalf.standalone;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import dev.behalf.database.BehalfDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An installation of any version keeps its rows when it is brought up to date. */
@Tag("server")
class MigrationsTest {

  private static final int NEWEST = Integer.MAX_VALUE;

  private static final String TABLES =
      """
      select table_schema || '.' || table_name from information_schema.tables
      where table_schema in ('accounts', 'jobs', 'compute', 'webhooks', 'ops') order by 1
      """;

  /** A column that a migration rewrites in the rows of these versions. */
  private record Rewritten(int since, int until, String table, String column) {}

  private static final List<Rewritten> REWRITTEN =
      List.of(
          new Rewritten(1, 7, "accounts.users", "scopes"),
          new Rewritten(11, 15, "jobs.jobs", "idempotency_key"));

  /** Rows of these versions that a migration deletes, as its comment says. */
  private record Deleted(int until, String table, String rows) {}

  private static final List<Deleted> DELETED =
      List.of(
          new Deleted(3, "accounts.spring_session", "true"),
          new Deleted(3, "accounts.spring_session_attributes", "true"),
          new Deleted(5, "jobs.lanes", "true"),
          new Deleted(
              14, "compute.cancellations", "(row ->> 'job_id')::uuid = md5('no such job')::uuid"));

  /** Tables that a migration replaces by another one; a fact says what became of their rows. */
  private static final Set<String> REPLACED = Set.of("jobs.deletions");

  /** What is true in the end of the rows of these versions. */
  private record Fact(int since, int until, String what, String query, String answer) {}

  private static final String ALL_SCOPES =
      "jobs:read jobs:write usage:read keys:read keys:write webhooks:read webhooks:write";

  private static final List<Fact> FACTS =
      List.of(
          new Fact(1, 3, "V4 ends all sessions", "count(*) from accounts.spring_session", "0"),
          new Fact(
              1,
              3,
              "V4 knows how older keys were made",
              "distinct concat_ws(' ', hash_scheme, created_by, networks) from accounts.api_keys",
              "hmac account "),
          new Fact(
              1,
              NEWEST,
              "V8 lets webhooks be used by all who could do everything",
              "scopes from accounts.users where email = 'ada@example.com'",
              ALL_SCOPES),
          new Fact(
              4,
              11,
              "V8 leaves narrowed users alone",
              "scopes from accounts.users where email = 'cleo@example.com'",
              "jobs:read"),
          new Fact(2, 5, "V6 starts with fresh lanes", "count(*) from jobs.lanes", "0"),
          new Fact(2, 5, "V6 gives jobs the priority normal", "max(priority) from jobs.jobs", "1"),
          new Fact(
              3,
              NEWEST,
              "V10 copies the operation from the result",
              "string_agg(operation, ' ' order by operation) from compute.ledger",
              "echo embed"),
          new Fact(
              3,
              3,
              "V10 counts a charge for its own key if no other is known",
              hours(),
              "echo adapersonal0 1 5, embed adamanaged00 1 7"),
          new Fact(
              4,
              NEWEST,
              "V10 counts a worker's charge for the key that asked",
              hours(),
              "echo adapersonal0 1 5, embed adapersonal0 1 7"),
          new Fact(
              3,
              NEWEST,
              "V10 files charges under the beginning of their hour",
              "distinct hour = '2026-01-04 10:00Z' from compute.ledger_hours",
              "t"),
          new Fact(
              2,
              NEWEST,
              "V14 queues open jobs by what they cost",
              """
              string_agg(distinct concat_ws(' ', state, operation, pool), ', ') from jobs.jobs
              where state in ('queued', 'dispatched')
              """,
              "dispatched embed costly, queued echo quick, queued embed costly"),
          new Fact(
              2,
              13,
              "V14 leaves ended jobs as they are",
              "count(*) from jobs.jobs where finished_at is not null and pool = 'costly'",
              "0"),
          new Fact(
              6,
              13,
              "V14 keeps a weight and a cap for both pools",
              """
              string_agg(concat_ws(' ', split_part(email, '@', 1), pool, pass, weight, cap), ', '
                         order by email, pool)
              from jobs.lanes join accounts.users on id = user_id
              """,
              "ada costly 0 10 3, ada quick 2.5 10 3, ben quick 1.5 1"),
          new Fact(
              1,
              NEWEST,
              "V14 has a clock for each queue",
              "string_agg(concat(environment, ' ', pool), ', ' order by environment, pool)"
                  + " from jobs.clocks",
              "live costly, live quick, test costly, test quick"),
          new Fact(
              6,
              NEWEST,
              "V15 files a cancellation under its job's environment",
              "string_agg(environment, ' ') from compute.cancellations",
              "live"),
          new Fact(
              1,
              3,
              "V15 believes no address without another provider",
              "count(email_verified_at) from accounts.users",
              "0"),
          new Fact(
              4,
              NEWEST,
              "V15 believes an address that another provider has proved",
              "string_agg(email, ' ') from accounts.users where email_verified_at = created_at",
              "ben@example.com"),
          new Fact(
              2,
              NEWEST,
              "V16 shows the time that was asked for, but none of a retry",
              """
              string_agg(idempotency_key, ' ') from jobs.jobs where asked_not_before = not_before
              """,
              "my own"),
          new Fact(
              2,
              NEWEST,
              "V16 invents no time that nobody asked for",
              "count(asked_not_before) from jobs.jobs",
              "1"),
          new Fact(
              11,
              NEWEST,
              "V16 gives a retry a key that no user can have",
              "idempotency_key = 'retry ' || retry_of from jobs.jobs where retry_of is not null",
              "t"),
          new Fact(
              32,
              34,
              "V35 records a deletion for each operation with charges",
              "string_agg(operation, ' ' order by operation) from jobs.deletions_by_operation",
              "echo embed"));

  @TempDir static Path folder;
  private static TestServer server;

  /** Is migrated from version to version; each test gets a copy, which takes half the time. */
  private static BehalfDatabase growing;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(folder);
    growing = server.create();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  static IntStream versions() {
    return Arrays.stream(flyway(growing).load().info().all())
        .filter(MigrationInfo::isVersioned)
        .mapToInt(migration -> Integer.parseInt(migration.getVersion().getVersion()));
  }

  @Tag("scenarios")
  @ParameterizedTest(name = "from version {0}")
  @MethodSource("versions")
  void rows_of_a_version_are_kept_and_completed(int version) throws Exception {
    flyway(growing).target(String.valueOf(version)).load().migrate();
    var database = server.copy(growing);

    try (var owner = database.connect(database.roles().owner())) {
      execute(owner, RowsOfVersions.sql(version));
      var tables = list(owner, TABLES);
      execute(
          owner,
          tables.stream()
              .map("select '%1$s' as of, to_jsonb(t) as row from %1$s t"::formatted)
              .collect(joining(" union all ", "create table before as ", "")));

      database.migrate();

      assertSoftly(
          softly -> {
            for (var table : tables) {
              if (REPLACED.contains(table)) {
                continue;
              }
              softly.assertThat(list(owner, missing(table, version))).as(table).isEmpty();
            }
            for (var fact : FACTS) {
              if (fact.since() <= version && version <= fact.until()) {
                softly
                    .assertThat(list(owner, "select " + fact.query()))
                    .as(fact.what())
                    .containsExactly(fact.answer());
              }
            }
          });
    }
    server.drop(database);
  }

  @Test
  void the_rows_of_these_tests_fill_every_table() throws Exception {
    var database = server.create();
    database.migrate();

    try (var owner = database.connect(database.roles().owner())) {
      var newest = versions().max().orElseThrow();
      execute(owner, RowsOfVersions.sql(newest));

      for (var table : list(owner, TABLES)) {
        assertThat(list(owner, "select true from %s limit 1".formatted(table)))
            .as("add rows of " + table + " to RowsOfVersions")
            .isNotEmpty();
      }
    }
  }

  /** Returns a query of the rows that are no longer there with all of their values. */
  private static String missing(String table, int version) {
    var rewritten =
        REWRITTEN.stream()
            .filter(r -> r.table().equals(table) && r.since() <= version && version <= r.until())
            .map(Rewritten::column)
            .toList();
    var deleted =
        DELETED.stream()
            .filter(d -> d.table().equals(table) && version <= d.until())
            .map(Deleted::rows)
            .findFirst()
            .orElse("false");
    return """
    select row from before where of = '%1$s' and not (%2$s) and not exists
        (select from %1$s kept where to_jsonb(kept) @> (row - '{%3$s}'::text[]))
    """
        .formatted(table, deleted, String.join(",", rewritten));
  }

  private static String hours() {
    return """
    string_agg(concat_ws(' ', operation, key_id, jobs, units), ', ' order by operation)
    from compute.ledger_hours
    """;
  }

  private static FluentConfiguration flyway(BehalfDatabase database) {
    var roles = database.roles();
    return Flyway.configure()
        .dataSource(database.url(), roles.owner().name(), roles.owner().password())
        .schemas("behalf")
        .createSchemas(true)
        .group(true)
        .placeholders(Map.of("web", roles.web().name(), "compute", roles.compute().name()));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> list(Connection connection, String sql) {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var list = new ArrayList<String>();
      while (rows.next()) {
        list.add(String.valueOf(rows.getString(1)));
      }
      return list;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }
}
