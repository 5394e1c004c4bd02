package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.invariant.Invariant;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each invariant finds what breaks it, and nothing else. */
class ViolationsTest {

  /** Ada has a job that succeeded and was charged, with the worker's key; Ben has a key. */
  private static final String SOUND =
      """
      insert into accounts.users (id, email, password_hash, created_at, version)
      select md5(name)::uuid, name || '@example.com', 'hash', now() - interval '9 days', 1
      from unnest(array['ada', 'ben']) name;
      insert into accounts.api_keys (user_id, key_id, kind, environment, name, hash, pepper_id,
          scopes, created_at, version)
      select md5(owner)::uuid, key, kind, env, key, repeat('h', 44), '1', 'jobs:read',
          now() - interval '9 days', 1
      from (values ('ada', 'adamanaged00', 'managed', 'live'),
                   ('ada', 'adapersonal0', 'personal', 'live'),
                   ('ada', 'adatesting00', 'personal', 'test'),
                   ('ben', 'benpersonal0', 'personal', 'live')) k (owner, key, kind, env);
      insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, units,
          fingerprint, created_at, finished_at)
      values (md5('ada')::uuid, md5('done')::uuid, 'live', 'echo', '{}', 'succeeded',
              now() - interval '2 days', 7, 'f', now() - interval '2 days',
              now() - interval '1 day');
      insert into compute.results (user_id, job_id, environment, operation, fingerprint, result,
          units, created_at)
      values (md5('ada')::uuid, md5('done')::uuid, 'live', 'echo', 'f', '{}', 7,
              now() - interval '1 day');
      insert into compute.ledger (user_id, job_id, environment, period, units, key_id, created_at)
      values (md5('ada')::uuid, md5('done')::uuid, 'live', '2026-01', 7, 'adamanaged00',
              now() - interval '1 day');
      insert into compute.quota values (md5('ada')::uuid, 'live', '2026-01', 1000, 7)
      """;

  private static final String JOB_OF_STATE =
      """
      insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before,
          lease_until, fingerprint, created_at)
      values (md5('ada')::uuid, md5('%1$s')::uuid, 'live', 'echo', '{}', '%1$s',
              now() - interval '%2$s', now() - interval '%2$s', 'f', now() - interval '2 days')
      """;

  private static final String RESULT_ALONE =
      """
      insert into compute.results (user_id, job_id, environment, operation, fingerprint, result,
          units, created_at)
      values (md5('ada')::uuid, md5('direct')::uuid, 'live', 'echo', 'f', '{}', 0, now());
      """;

  private static final String HOLD =
      """
      insert into compute.holds (user_id, job_id, environment, operation, operation_version,
          fingerprint, units, period, day, held_at, lease_until)
      values (md5('ada')::uuid, md5('held')::uuid, 'live', 'echo', 1, 'f', 5, '2026-01',
              '2026-01-31', now(), now() - interval '2 minutes')
      """;

  private static final String RUN =
      """
      insert into compute.runs (user_id, job_id, environment, epoch, state, replica, operation,
          operation_version, fingerprint, attempt, started_at)
      values (md5('ada')::uuid, md5('running')::uuid, 'live', 1, 'open', md5('replica')::uuid,
              'echo', 1, 'f', 1, now() - interval '2 minutes');
      """;

  private static final String CHARGE_FOR_IT =
      RESULT_ALONE
          + """
          insert into compute.ledger (user_id, job_id, environment, period, units, key_id,
              created_at)
          values (md5('ada')::uuid, md5('direct')::uuid, 'live', '2026-01', 0, '%s', now())
          """;

  @TempDir static Path folder;
  private static TestServer server;
  private static Connection owner;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(folder);
    var database = server.create();
    database.migrate();
    owner = database.connect(database.roles().owner());
    owner.setAutoCommit(false);
  }

  @AfterAll
  static void stop() throws Exception {
    owner.close();
    server.close();
  }

  /** In the transaction of the test, so that both have the same {@code now()}. */
  @BeforeEach
  void fill() throws SQLException {
    execute(SOUND);
  }

  @AfterEach
  void undo() throws SQLException {
    owner.rollback();
  }

  @Test
  void sound_rows_violate_nothing() throws SQLException {
    assertThat(Violations.in(owner)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void each_invariant_finds_the_row_that_breaks_it(Invariant invariant) throws SQLException {
    execute(breaking(invariant));

    assertThat(Violations.in(owner))
        .containsExactlyElementsOf(
            Stream.concat(Stream.of(invariant), alwaysWith(invariant).stream())
                .sorted()
                .map(broken -> Violations.describe(broken) + ": 1")
                .toList());
  }

  private static String breaking(Invariant invariant) {
    return switch (invariant) {
      case STUCK_DISPATCHED -> JOB_OF_STATE.formatted("dispatched", "61 seconds");
      case STUCK_QUEUED -> JOB_OF_STATE.formatted("queued", "3601 seconds");
      case STUCK_RUNNING -> JOB_OF_STATE.formatted("running", "61 seconds");
      case SUCCEEDED_WITHOUT_RESULT -> "delete from compute.results";
      case RESULT_WITHOUT_SUCCESS -> "update jobs.jobs set state = 'cancelled'";
      case RESULT_WITHOUT_CHARGE -> RESULT_ALONE;
      case CHARGE_DIFFERS -> "update jobs.jobs set units = 8";
      case QUOTA_DIFFERS -> "update compute.quota set used = 8";
      case CHARGE_WITHOUT_RESULT ->
          CHARGE_FOR_IT.formatted("adapersonal0")
              + "; delete from compute.results where job_id = md5('direct')::uuid";
      case CHARGE_ABOVE_HOLD ->
          "alter table compute.ledger drop constraint ledger_check; update compute.ledger set held = 6";
      case HELD_DIFFERS -> "update compute.quota set held = 1";
      case HOLD_WITHOUT_WORK -> HOLD + "; update compute.quota set held = 5";
      case RUN_WITHOUT_HOLD -> RUN;
      case RESULT_OF_ANOTHER -> CHARGE_FOR_IT.formatted("adamanaged00");
      case CHARGE_BY_ANOTHERS_KEY -> CHARGE_FOR_IT.formatted("benpersonal0");
      case CHARGED_BY_AN_ENDED_KEY ->
          "update accounts.api_keys set revoked_at = now() - interval '1 day 32 seconds'";
      case ENVIRONMENTS_MIXED -> CHARGE_FOR_IT.formatted("adatesting00");
      case SUCCEEDED_WITHOUT_CHARGE ->
          "delete from compute.ledger; update compute.quota set used = 0";
    };
  }

  /** Returns the invariants that the same row breaks. */
  private static EnumSet<Invariant> alwaysWith(Invariant invariant) {
    return switch (invariant) {
      case SUCCEEDED_WITHOUT_RESULT -> EnumSet.of(Invariant.CHARGE_WITHOUT_RESULT);
      case SUCCEEDED_WITHOUT_CHARGE -> EnumSet.of(Invariant.RESULT_WITHOUT_CHARGE);
      default -> EnumSet.noneOf(Invariant.class);
    };
  }

  @Test
  void a_request_by_a_key_of_its_own_needs_no_job() throws SQLException {
    execute(CHARGE_FOR_IT.formatted("adapersonal0"));

    assertThat(Violations.in(owner)).isEmpty();
  }

  @Test
  void a_lease_may_have_ended_for_less_than_a_minute() throws SQLException {
    execute(JOB_OF_STATE.formatted("dispatched", "59 seconds"));

    assertThat(Violations.in(owner)).isEmpty();
  }

  @Test
  void a_due_job_waits_less_than_an_hour() throws SQLException {
    execute(JOB_OF_STATE.formatted("queued", "3599 seconds"));

    assertThat(Violations.in(owner)).isEmpty();
  }

  @Test
  void a_due_job_may_wait_for_an_engine_of_its_own() throws SQLException {
    execute(JOB_OF_STATE.formatted("queued", "3601 seconds"));
    execute("update jobs.jobs set pool = 'op:transcribe' where state = 'queued'");

    assertThat(Violations.in(owner)).isEmpty();
  }

  @Test
  void a_due_job_may_wait_behind_others_of_its_pool() throws SQLException {
    execute(JOB_OF_STATE.formatted("queued", "2 hours"));
    execute(JOB_OF_STATE.formatted("dispatched", "0 seconds"));

    assertThat(Violations.in(owner)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pool = 'costly'", "environment = 'test'"})
  void a_due_job_does_not_wait_behind_those_of_another_queue(String other) throws SQLException {
    execute(JOB_OF_STATE.formatted("queued", "2 hours"));
    execute(JOB_OF_STATE.formatted("dispatched", "0 seconds"));
    execute("update jobs.jobs set " + other + " where state = 'dispatched'");

    assertThat(Violations.count(owner, Invariant.STUCK_QUEUED)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"revoked_at", "overlap_until", "expires_at"})
  void a_request_that_began_before_its_key_ended_has_half_a_minute(String end) throws SQLException {
    execute("update accounts.api_keys set %s = now() - interval '1 day 31 seconds'".formatted(end));
    assertThat(Violations.in(owner)).isEmpty();

    execute("update accounts.api_keys set %s = now() - interval '1 day 32 seconds'".formatted(end));
    assertThat(Violations.count(owner, Invariant.CHARGED_BY_AN_ENDED_KEY)).isEqualTo(1);
  }

  @Test
  void a_key_ends_at_the_first_of_its_ends() throws SQLException {
    execute(
        """
        update accounts.api_keys set expires_at = now() + interval '1 day',
            overlap_until = now() - interval '2 days', revoked_at = now()
        """);

    assertThat(Violations.count(owner, Invariant.CHARGED_BY_AN_ENDED_KEY)).isEqualTo(1);
  }

  @Test
  void an_outcome_that_is_still_on_its_way_is_no_violation() throws SQLException {
    execute("update jobs.jobs set state = 'cancelled', finished_at = now()");

    assertThat(Violations.in(owner)).isEmpty();
  }

  @Test
  void a_charge_that_differs_from_its_result_is_found_though_it_equals_the_job()
      throws SQLException {
    execute("update compute.results set units = 8");

    assertThat(Violations.in(owner))
        .containsExactly(Violations.describe(Invariant.CHARGE_DIFFERS) + ": 1");
  }

  @Test
  void a_charge_without_any_quota_is_found() throws SQLException {
    execute("delete from compute.quota");

    assertThat(Violations.count(owner, Invariant.QUOTA_DIFFERS)).isEqualTo(1);
  }

  @Test
  void a_use_without_any_charge_is_found() throws SQLException {
    execute("insert into compute.quota values (md5('ben')::uuid, 'test', '2026-01', 10, 1)");

    assertThat(Violations.count(owner, Invariant.QUOTA_DIFFERS)).isEqualTo(1);
  }

  @Test
  void the_result_of_a_test_job_does_not_stand_for_that_of_a_live_one() throws SQLException {
    execute("update jobs.jobs set environment = 'test'");

    assertThat(Violations.count(owner, Invariant.SUCCEEDED_WITHOUT_RESULT)).isEqualTo(1);
  }

  @Test
  void a_hold_that_its_quota_does_not_count_is_found() throws SQLException {
    execute(HOLD);

    assertThat(Violations.count(owner, Invariant.HELD_DIFFERS)).isEqualTo(1);
  }

  @Test
  void a_hold_of_a_run_that_is_not_open_is_found() throws SQLException {
    execute(HOLD + "; update compute.holds set lease_until = now() + interval '100 years'");

    assertThat(Violations.count(owner, Invariant.HOLD_WITHOUT_WORK)).isEqualTo(1);
    execute(RUN + "update compute.holds set job_id = md5('running')::uuid");
    assertThat(Violations.count(owner, Invariant.HOLD_WITHOUT_WORK)).isZero();
  }

  @Test
  void a_running_job_is_found_whose_server_was_lost_or_whose_run_has_ended() throws SQLException {
    execute(JOB_OF_STATE.formatted("running", "61 seconds") + ";" + RUN);
    assertThat(Violations.count(owner, Invariant.STUCK_RUNNING)).isEqualTo(1);

    execute(
        """
        insert into compute.replicas (id, places, seen_at, lease_until)
        values (md5('replica')::uuid, 1, now(), now() + interval '30 seconds')
        """);
    assertThat(Violations.count(owner, Invariant.STUCK_RUNNING)).isZero();

    execute("update compute.runs set state = 'lost', ended_at = now() - interval '61 seconds'");
    assertThat(Violations.count(owner, Invariant.STUCK_RUNNING)).isEqualTo(1);
  }

  @Test
  void a_charge_of_a_run_is_made_with_the_key_that_began_it() throws SQLException {
    execute("update accounts.api_keys set revoked_at = now() - interval '1 day 32 seconds'");
    execute(
        RUN
            + "update compute.runs set job_id = md5('done')::uuid, started_at = now() - interval '2 days'");

    assertThat(Violations.count(owner, Invariant.CHARGED_BY_AN_ENDED_KEY)).isZero();
  }

  @Test
  void a_hold_that_its_key_does_not_count_is_found() throws SQLException {
    execute(HOLD + "; update compute.quota set held = 5");
    execute("update compute.holds set capped_key_id = 'adapersonal0'");

    assertThat(Violations.count(owner, Invariant.HELD_DIFFERS)).isEqualTo(1);
  }

  @Test
  void a_line_says_the_promise_what_is_wrong_and_how_often() throws SQLException {
    execute(RESULT_ALONE + RESULT_ALONE.replace("'direct'", "'other'"));

    assertThat(Violations.in(owner)).isEqualTo(List.of("3 results without a charge: 2"));
  }

  private static void execute(String sql) throws SQLException {
    try (var statement = owner.createStatement()) {
      statement.execute(sql);
    }
  }
}
