package dev.behalf.web.work.retention;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.invariant.Invariant;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.TestDefinitions;
import dev.behalf.web.WebAppTest;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Ended jobs are deleted after some days; what was charged for them stays. */
@TestPropertySource(
    properties = {
      "behalf.retention.live=90",
      "behalf.retention.test=7",
      "behalf.retention.every=100ms",
      "behalf.retention.first=0s"
    })
class RetentionTest extends WebAppTest {

  private static final String FLEETING = "fleeting";
  private static final String SLOWER = "slower";

  private Person ada;

  @BeforeEach
  void somebody() throws Exception {
    ada = signUp();
  }

  @AfterAll
  static void retire() {
    retire(FLEETING);
    retire(SLOWER);
  }

  @Test
  void jobs_go_some_days_after_they_have_ended_and_their_charges_stay() throws Exception {
    var old = ended(Environment.LIVE, 91);
    var younger = ended(Environment.LIVE, 89);
    var oldTest = ended(Environment.TEST, 8);
    var youngerTest = ended(Environment.TEST, 6);
    var open = age(ada.submit(Environment.LIVE, echo()), 200);

    gone(old, oldTest);

    assertThat(there()).isEqualTo("%s %s %s".formatted(sorted(younger, youngerTest, open)));
    assertThat(text("select count(*) from compute.results where user_id = " + quoted()))
        .isEqualTo("2");
    assertThat(text("select count(*) from compute.ledger where user_id = " + quoted()))
        .isEqualTo("4");
    assertThat(ada.page("/jobs/" + old).statusCode()).isEqualTo(404);
    assertThat(ada.page("/jobs/" + old + "/receipt").statusCode()).isEqualTo(200);
    assertThat(violations()).isEmpty();
  }

  @Test
  void a_user_keeps_jobs_for_a_shorter_time_than_the_installation() throws Exception {
    var old = ended(Environment.LIVE, 31);
    var younger = ended(Environment.LIVE, 29);

    var page =
        ada.form(
            "/settings/retention",
            Map.of("environment", "live", "days", "30", "password", PASSWORD));

    assertThat(page.body()).contains("Saved.").contains("value=\"30\" selected");
    gone(old);
    assertThat(there()).isEqualTo(younger.toString());
    assertThat(ada.page("/activity").body()).contains("Retention of jobs changed");
  }

  @Test
  void the_receipt_of_a_deleted_job_stays_the_same() throws Exception {
    var byPage = ended(Environment.LIVE, 31);
    var byKey = ended(Environment.LIVE, 31);
    sql(
        """
        update jobs.jobs set actor = 'key of-ada' where id = '%1$s';
        update compute.ledger set origin_key_id = 'of-ada' where job_id = '%1$s'
        """
            .formatted(byKey));
    var before = List.of(receipt(byPage), receipt(byKey));

    ada.form(
        "/settings/retention", Map.of("environment", "live", "days", "30", "password", PASSWORD));
    gone(byPage, byKey);

    assertThat(before.getFirst()).contains("\"actor\":\"session\"");
    assertThat(before.getLast()).contains("\"actor\":\"key of-ada\"");
    assertThat(List.of(receipt(byPage), receipt(byKey))).isEqualTo(before);
    assertThat(violations()).isEmpty();
  }

  private String receipt(UUID job) throws Exception {
    return ada.page("/api/v1/jobs/" + job + "/receipt").body();
  }

  @Test
  void a_change_is_reported_by_mail() throws Exception {
    sql("update accounts.users set email_verified_at = now() where id = " + quoted());

    ada.form(
        "/settings/retention", Map.of("environment", "live", "days", "30", "password", PASSWORD));

    assertThat(text("select kind from accounts.mails where user_id = " + quoted()))
        .isEqualTo("retention_changed");
  }

  @Test
  void an_operation_keeps_its_jobs_for_a_shorter_time() throws Exception {
    apply(FLEETING, "2d", 48);
    var old = ended(ada.submit(Environment.LIVE, fleeting()), Environment.LIVE, 3, null);
    var younger = ended(ada.submit(Environment.LIVE, fleeting()), Environment.LIVE, 1, null);
    var other = ended(Environment.LIVE, 3);
    var oldTest = ended(ada.submit(Environment.TEST, fleeting()), Environment.TEST, 3, null);

    gone(old, oldTest);

    assertThat(there()).isEqualTo("%s %s".formatted(sorted(younger, other)));
    assertThat(violations()).isEmpty();
  }

  @Test
  void a_lost_job_is_found_although_another_operation_keeps_its_jobs_for_a_shorter_time()
      throws Exception {
    apply(FLEETING, "2d", 48);
    var lost = ended(Environment.LIVE, 3);
    gone(ended(ada.submit(Environment.LIVE, fleeting()), Environment.LIVE, 3, null));
    sql(
        "delete from jobs.jobs where id = '%1$s'; delete from compute.results where job_id = '%1$s'"
            .formatted(lost));

    assertThat(violations())
        .contains(Invariant.CHARGE_WITHOUT_RESULT.name(), Invariant.RESULT_OF_ANOTHER.name());
  }

  @Test
  void a_user_sees_how_long_the_jobs_of_an_operation_are_kept() throws Exception {
    apply(FLEETING, "36h", 36);

    assertThat(ada.page("/settings/retention").body())
        .contains("href=\"/docs/operations/" + FLEETING + "\"")
        .contains("36 hours");
    assertThat(ada.page("/docs/operations/" + FLEETING).body())
        .contains("Ended jobs are deleted after")
        .contains("36 hours");
    assertThat(ada.page("/api/v1/operations/" + FLEETING).body())
        .contains("\"retention_hours\":36");
  }

  @Test
  void more_jobs_of_an_operation_than_one_piece_all_go() throws Exception {
    endedThreeHoursAgo(1700, "1 + n % 2");

    await().until(() -> there() == null);
  }

  @Test
  void a_piece_that_fails_holds_up_no_other() throws Exception {
    sql(
        """
        create function jobs.refuse_for_test() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
        create trigger refuse before delete on jobs.jobs for each row
          when (old.user_id = %s and old.detail = 'number 1100') execute function jobs.refuse_for_test()
        """
            .formatted(quoted()));
    endedThreeHoursAgo(1100, "1");
    try {
      await()
          .untilAsserted(
              () ->
                  assertThat(number("select count(*) from jobs.jobs where user_id = " + quoted()))
                      .isBetween(1L, 500L));
    } finally {
      sql("drop trigger refuse on jobs.jobs; drop function jobs.refuse_for_test");
    }
    await().until(() -> there() == null);
  }

  @Test
  void a_batch_goes_after_the_shortest_time_of_its_operations() throws Exception {
    apply(FLEETING, "2d", 48);
    apply(SLOWER, "30d", 720);
    var batch = batch();
    end(batch, 3, true);

    await()
        .until(() -> number("select count(*) from jobs.batches where id = '" + batch + "'") == 0);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        text(
                            "select string_agg(operation, ' ' order by operation) from jobs.jobs where user_id = "
                                + quoted()))
                    .isEqualTo("echo " + SLOWER));
  }

  @Test
  void a_batch_that_is_still_being_sent_stays() throws Exception {
    apply(FLEETING, "2d", 48);
    apply(SLOWER, "30d", 720);
    var batch = batch();
    end(batch, 3, false);

    gone(ended(ada.submit(Environment.LIVE, fleeting()), Environment.LIVE, 4, null));

    assertThat(number("select count(*) from jobs.batches where id = '" + batch + "'")).isOne();
    assertThat(number("select count(*) from jobs.jobs where batch_id = '" + batch + "'"))
        .isEqualTo(3);
  }

  @Test
  void nobody_keeps_jobs_for_longer_than_the_installation() throws Exception {
    var page = ada.page("/settings/retention").body();
    assertThat(page).contains("value=\"60\"").doesNotContain("value=\"180\"");

    ada.form(
        "/settings/retention", Map.of("environment", "live", "days", "365", "password", PASSWORD));
    assertThat(text("select count(*) from jobs.retention where user_id = " + quoted()))
        .isEqualTo("0");

    gone(ended(Environment.LIVE, 91));
  }

  @Test
  void a_choice_can_be_taken_back() throws Exception {
    ada.form(
        "/settings/retention", Map.of("environment", "test", "days", "1", "password", PASSWORD));
    ada.form(
        "/settings/retention", Map.of("environment", "test", "days", "", "password", PASSWORD));

    assertThat(text("select count(*) from jobs.retention where user_id = " + quoted()))
        .isEqualTo("0");
  }

  @Test
  void more_jobs_than_one_piece_all_go() throws Exception {
    sql(
        """
        insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, fingerprint, created_at, finished_at)
        select %s, (lpad(to_hex((extract(epoch from t) * 1000)::bigint), 12, '0') || '7000' || '8000'
                    || lpad(to_hex(n), 12, '0'))::uuid,
               'test', 'echo', '{}', 'failed', t, '', t, t
        from (select n, now() - interval '20 days' - n * interval '1 minute' as t from generate_series(1, 1700) n) old
        """
            .formatted(quoted()));

    await().until(() -> there() == null);
  }

  @Test
  void a_choice_needs_the_password() throws Exception {
    var refused =
        ada.form(
            "/settings/retention", Map.of("environment", "live", "days", "1", "password", "x"));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(text("select count(*) from jobs.retention where user_id = " + quoted()))
        .isEqualTo("0");
  }

  @Test
  void a_batch_stays_whole_until_it_has_ended_long_enough_and_goes_as_a_whole() throws Exception {
    var batch = UUID.randomUUID();
    sql(
        """
        insert into jobs.batches (user_id, id, environment, name, format, lines, queued, complete, created_at, completed_at)
        values (%s, '%s', 'test', 'b', 'jsonl', 2, 2, true, now() - interval '20 days', now() - interval '6 days')
        """
            .formatted(quoted(), batch));
    var first = ended(Environment.TEST, 9, batch);
    ended(Environment.TEST, 6, batch);
    gone(ended(Environment.TEST, 8));
    assertThat(number("select count(*) from jobs.jobs where id = '" + first + "'")).isOne();

    sql(
        """
        update jobs.jobs set finished_at = now() - interval '8 days' where batch_id = '%1$s';
        update jobs.batches set completed_at = now() - interval '8 days' where id = '%1$s'
        """
            .formatted(batch));

    await()
        .until(() -> number("select count(*) from jobs.batches where id = '" + batch + "'") == 0);
    gone(first);
  }

  @Test
  void a_batch_whose_file_was_never_read_to_its_end_goes_too() {
    sql(
        """
        insert into jobs.batches (user_id, id, environment, name, format, complete, created_at)
        values (%s, gen_random_uuid(), 'test', 'b', 'csv', false, now() - interval '8 days')
        """
            .formatted(quoted()));

    await()
        .until(() -> number("select count(*) from jobs.batches where user_id = " + quoted()) == 0);
  }

  @Test
  void an_account_that_is_being_deleted_is_not_waited_for() throws Exception {
    var young = ended(Environment.TEST, 6);
    try (var connection = DATABASE.connect(DATABASE.roles().owner())) {
      connection.setAutoCommit(false);
      connection
          .createStatement()
          .execute("select from accounts.users where id = " + quoted() + " for update");
      var old = age(young, 2);
      sql(
          "update jobs.jobs set finished_at = now() - interval '8 days' where id = '%s'"
              .formatted(old));
      ada = signUp();
      gone(ended(Environment.TEST, 8));

      assertThat(number("select count(*) from jobs.jobs where id = '" + old + "'")).isOne();
      connection.rollback();
      gone(old);
    }
  }

  @Test
  void a_job_that_somebody_holds_is_not_waited_for() throws Exception {
    var held = ended(Environment.TEST, 9);
    try (var connection = DATABASE.connect(DATABASE.roles().owner())) {
      connection.setAutoCommit(false);
      connection
          .createStatement()
          .execute("select from jobs.jobs where id = '" + held + "' for update");
      gone(ended(Environment.TEST, 8));
      connection.rollback();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    gone(held);
  }

  /**
   * Stores failed jobs, the last one the oldest.
   *
   * @param retentionHours an expression of the number {@code n} of the job
   */
  private void endedThreeHoursAgo(int count, String retentionHours) {
    sql(
        """
        insert into jobs.jobs (user_id, id, environment, operation, payload, state, detail, not_before, fingerprint, created_at,
                               finished_at, retention_hours)
        select %s, gen_random_uuid(), 'live', 'echo', '{}', 'failed', 'number ' || n, t, '', t, t, %s
        from (select n, now() - interval '3 hours' - n * interval '1 second' as t from generate_series(1, %d) n) old
        """
            .formatted(quoted(), retentionHours, count));
  }

  private void apply(String operation, String retention, int hours) throws Exception {
    try (var connection = DATABASE.connect(DATABASE.roles().web())) {
      TestDefinitions.apply(
          connection,
          """
          name: %s
          title: Gone soon
          input: {type: object, properties: {text: {type: string}}}
          units: {name: job, fixed: 2}
          run: quick
          engine: {builtin: echo}
          retention: %s
          """
              .formatted(operation, retention),
          "test");
    }
    await()
        .until(
            () ->
                ada.page("/api/v1/operations/" + operation)
                    .body()
                    .contains("\"retention_hours\":" + hours));
  }

  /** Returns the id of a batch with a job of each operation, the shortest-lived in the middle. */
  private String batch() throws Exception {
    var file =
        """
        {"operation": "echo", "text": "a"}
        {"operation": "%s", "text": "b"}
        {"operation": "%s", "text": "c"}
        """
            .formatted(FLEETING, SLOWER);
    ada.post(
        "/api/v1/batches?environment=live",
        file.getBytes(UTF_8),
        "Content-Type",
        "application/x-ndjson");
    return text("select id::text from jobs.batches where user_id = " + quoted());
  }

  private static void end(String batch, int days, boolean complete) {
    sql(
        """
        update jobs.jobs set state = 'failed', code = 'engine_failed', lease_until = null,
          finished_at = now() - interval '%2$d days'
        where batch_id = '%1$s';
        update jobs.batches set complete = %3$b, created_at = now() - interval '%2$d days',
          completed_at = case when %3$b then now() - interval '%2$d days' end
        where id = '%1$s'
        """
            .formatted(batch, days, complete));
  }

  private static JobPayload fleeting() {
    return JobPayload.parse("{\"operation\":\"%s\",\"text\":\"hi\"}".formatted(FLEETING));
  }

  private static JobPayload echo() {
    return JobPayload.parse("{\"operation\":\"echo\",\"text\":\"hi\"}");
  }

  /** Returns a job that succeeded and was charged so many days ago. */
  private UUID ended(Environment environment, int days) throws Exception {
    return ended(environment, days, null);
  }

  private UUID ended(Environment environment, int days, @Nullable UUID batch) throws Exception {
    return ended(ada.submit(environment, echo()), environment, days, batch);
  }

  /** Ends a job before it is that old, so that it is not deleted while it is made. */
  private UUID ended(UUID id, Environment environment, int days, @Nullable UUID batch) {
    var key =
        text(
            "select key_id from accounts.api_keys where kind = 'managed' and environment = '%s' and user_id = %s"
                .formatted(environment.wire(), quoted()));
    saved(userId(ada), id, environment.wire(), 2, key);
    var old = idOf(id, days);
    sql(
        """
        update compute.results set job_id = '%2$s', created_at = now() - interval '%3$d days' where job_id = '%1$s';
        update compute.ledger l set job_id = '%2$s', created_at = now() - interval '%3$d days', operation = j.operation
        from jobs.jobs j where j.id = '%1$s' and l.job_id = '%1$s';
        update jobs.jobs set id = '%2$s', batch_id = %4$s, batch_line = %5$s, state = 'succeeded', units = 2, lease_until = null,
          created_at = now() - interval '%3$d days', finished_at = now() - interval '%3$d days'
        where id = '%1$s'
        """
            .formatted(
                id,
                old,
                days,
                batch == null ? "null" : "'" + batch + "'",
                batch == null ? "null" : days));
    return old;
  }

  private static UUID age(UUID id, int days) {
    var old = idOf(id, days);
    sql(
        "update jobs.jobs set id = '%s', created_at = created_at - interval '%d days' where id = '%s'"
            .formatted(old, days, id));
    return old;
  }

  private static UUID idOf(UUID id, int days) {
    long earlier = (id.getMostSignificantBits() >>> 16) - days * 86_400_000L;
    return new UUID(
        earlier << 16 | (id.getMostSignificantBits() & 0xffff), id.getLeastSignificantBits());
  }

  private static Object[] sorted(UUID... ids) {
    return java.util.Arrays.stream(ids).map(UUID::toString).sorted().toArray();
  }

  private String there() {
    return text(
        "select string_agg(id::text, ' ' order by id) from jobs.jobs where user_id = " + quoted());
  }

  private void gone(UUID... ids) {
    for (var id : ids) {
      await()
          .until(() -> text("select count(*) from jobs.jobs where id = '" + id + "'").equals("0"));
    }
  }

  private String quoted() {
    return "'" + userId(ada) + "'";
  }

  /** Returns what `behalf check` would find about this user's jobs, except for sums of quotas. */
  private String violations() {
    var found = new StringBuilder();
    for (var invariant : Invariant.values()) {
      var count =
          text(
              "select count(*) from (%s) v where user_id = %s"
                  .formatted(invariant.query("'-infinity'::timestamptz", "now()"), quoted()));
      if (!count.equals("0") && invariant != Invariant.QUOTA_DIFFERS) {
        found.append(invariant).append(' ');
      }
    }
    return found.toString();
  }
}
