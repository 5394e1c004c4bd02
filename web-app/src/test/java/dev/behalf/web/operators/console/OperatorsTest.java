package dev.behalf.web.operators.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.WorkerHeartbeat;
import dev.behalf.database.Operators;
import dev.behalf.database.OperatorsCommand;
import dev.behalf.invariant.Invariant;
import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalManagementPort;
import tools.jackson.databind.JsonNode;

class OperatorsTest extends WebAppTest {

  private static final byte[] SOMEBODY_ELSES =
      "a secret of thirty-two bytes or more".getBytes(StandardCharsets.UTF_8);

  private static final List<String> PAGES =
      List.of(
          "/ops",
          "/ops/queues",
          "/ops/fairness",
          "/ops/workers",
          "/ops/dead",
          "/ops/accounts",
          "/ops/platforms",
          "/ops/ledger",
          "/ops/audit");

  @LocalManagementPort int managementPort;
  @Autowired LedgerChecks ledger;
  @Autowired QueueMetrics figures;

  private Person ada;
  private Person olga;

  @BeforeEach
  void people() throws Exception {
    // With all that tests before this one have left.
    sql("delete from accounts.users");
    sql("delete from jobs.pauses");
    sql("delete from ops.workers");
    ada = signUp();
    olga = operator(signUp());
  }

  @Test
  void an_operator_is_made_and_unmade_with_the_databases_own_login_only() throws Exception {
    assertThat(olga.page("/home").body()).contains("href=\"/ops\"");
    assertThat(ada.page("/home").body()).doesNotContain("href=\"/ops\"");
    assertThat(operators("list")).contains(olga.email(), "operator");
    assertThat(lines("operator.set", userId(olga))).isEqualTo(1);
    assertThat(
            number(
                "select count(*) from accounts.audit_log where action = 'operator.set' and user_id = '%s'"
                    .formatted(userId(olga))))
        .isEqualTo(1);

    operators("remove", olga.email());

    await()
        .atMost(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(olga.page("/ops").statusCode()).isEqualTo(404));
    assertThat(operators("add", "nobody@example.com")).contains("No account found for");
    assertThat(operators("crown", olga.email())).contains("Use one of list, add, remove.");
  }

  @Test
  void an_address_that_nobody_has_verified_makes_no_operator() throws Exception {
    assertThat(operators("add", ada.email()))
        .contains(userId(ada).toString(), "not verified", "use its id instead");
    assertThat(ada.page("/ops").statusCode()).isEqualTo(404);

    sql("update accounts.users set email_verified_at = now() where id = '" + userId(ada) + "'");
    assertThat(operators("add", ada.email())).startsWith("operator");
  }

  @Test
  void a_platform_that_is_not_created_says_what_is_wrong() throws Exception {
    var named = olga.form("/ops/platforms", Map.of("name", "Shop", "scopes", "act:jobs"));
    var reached =
        olga.form(
            "/ops/platforms",
            Map.of("name", "shop", "scopes", "act:jobs", "origins", "https://shop.example/path"));
    olga.form("/ops/platforms", Map.of("name", "taken-name", "scopes", "act:jobs"));
    var again = olga.form("/ops/platforms", Map.of("name", "taken-name", "scopes", "act:jobs"));

    assertThat(named.statusCode()).isEqualTo(422);
    assertThat(named.body()).contains("1 to 31 lower-case letters");
    assertThat(reached.body()).contains("at most 20 origins");
    assertThat(again.body()).contains("A platform has this name already");
  }

  @Test
  void the_management_port_only_reads_and_by_its_own_names() throws Exception {
    for (var path :
        new String[] {"operators", "lanes", "pauses", "masterkeys", "health", "prometheus"}) {
      for (var method : new String[] {"POST", "PUT", "PATCH", "DELETE"}) {
        assertThat(manage(method, path, "localhost"))
            .as(method + " " + path)
            .isGreaterThanOrEqualTo(300);
      }
    }
    assertThat(manage("GET", "health", "localhost:" + managementPort)).isEqualTo(200);
    assertThat(manage("GET", "health", "127.0.0.1")).isEqualTo(200);
    for (var host :
        new String[] {"evil.example", "evil.example:" + managementPort, "127.0.0.1.evil.example"}) {
      assertThat(manage("GET", "health", host)).as(host).isEqualTo(421);
    }
  }

  @Test
  void for_everybody_else_the_pages_do_not_exist() throws Exception {
    for (var page : PAGES) {
      assertThat(ada.page(page).statusCode()).as(page).isEqualTo(404);
      assertThat(ada.page("/test" + page).statusCode()).as(page).isEqualTo(404);
    }
    assertThat(ada.form("/ops/pauses", Map.of("environment", "live")).statusCode()).isEqualTo(404);
  }

  @Test
  void an_observer_sees_all_pages_and_changes_nothing() throws Exception {
    role(ada, Operators.Role.OBSERVER);
    await().until(() -> ada.page("/ops").statusCode() == 200);

    for (var page : PAGES) {
      assertThat(ada.page(page).statusCode()).as(page).isEqualTo(200);
    }
    assertThat(ada.page("/ops/accounts/" + userId(olga)).body())
        .contains(olga.email())
        .doesNotContain("/disablement");
    assertThat(ada.form("/ops/pauses", Map.of("environment", "live")).statusCode()).isEqualTo(404);
    assertThat(ada.form("/ops/ledger/check", Map.of()).statusCode()).isEqualTo(404);
    assertThat(number("select count(*) from jobs.pauses")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ops:read", "ops:write"})
  void no_key_and_no_application_gets_a_scope_of_operators(String scope) throws Exception {
    var body = "{\"name\":\"a key\",\"scopes\":[\"jobs:read\",\"%s\"]}".formatted(scope);
    var key = olga.post("/api/v1/keys", body.getBytes(StandardCharsets.UTF_8));
    var application =
        olga.form(
            "/applications",
            Map.of(
                "name", "an app",
                "kind", "confidential",
                "redirect_uris", "https://app.example.com/back",
                "scopes", scope));

    assertThat(key.statusCode()).isEqualTo(422);
    assertThat(Api.json(key).required("field").asString()).isEqualTo("scopes");
    assertThat(application.statusCode()).isEqualTo(422);
    assertThat(olga.page("/keys").body()).doesNotContain("\"ops:");
    assertThat(olga.page("/applications").body()).doesNotContain("\"ops:");
    assertThat(olga.page("/.well-known/oauth-authorization-server").body())
        .doesNotContain("\"ops:");
    assertThat(olga.page("/api/v1/openapi.json").body()).doesNotContain("\"ops:");
    assertThatThrownBy(() -> sql("update accounts.api_keys set scopes = '%s'".formatted(scope)))
        .hasMessageContaining("api_keys_no_operator");
    assertThatThrownBy(
            () ->
                sql(
                    "insert into accounts.applications values (gen_random_uuid(), '%s', 'x%s', null, 'x', 'https://x', '%s', now())"
                        .formatted(userId(olga), UUID.randomUUID(), scope)))
        .hasMessageContaining("applications_no_operator");
  }

  @Test
  void figures_are_those_of_the_rows() throws Exception {
    forgetMinutes();
    var user = userId(ada);
    var before = live();
    for (int i = 0; i < 8; i++) {
      done(user, UUID.randomUUID(), "now() - interval '2 minutes'", 2, 4);
    }
    done(user, UUID.randomUUID(), "now() - interval '30 minutes'", 30, 1);
    failed(user, UUID.randomUUID(), "now() - interval '1 minute'", "quota_exceeded");
    failed(user, UUID.randomUUID(), "now() - interval '2 hours'", "quota_exceeded");

    var of = live();

    assertThat(of.lately().succeeded() - before.lately().succeeded()).isEqualTo(8);
    assertThat(of.lately().failed() - before.lately().failed()).isEqualTo(1);
    assertThat(of.lately().arrived() - before.lately().arrived()).isEqualTo(9);
    assertThat(of.hour().succeeded() - before.hour().succeeded()).isEqualTo(9);
    assertThat(of.lately().times()).isEqualTo(new JobTimes.Times(2, 2, 4, 4));
    assertThat(of.hour().times()).isEqualTo(new JobTimes.Times(2, 30, 4, 4));
    assertThat(figures.read().getLast().lately().arrived()).isZero();
  }

  @Test
  void the_figures_of_the_last_hour_are_its_stored_minutes_and_what_came_after_them() {
    storeMinutes();
    var before = live();
    threeJobs();

    var of = live();

    assertThat(before.hour().arrived()).isBetween(5_200L, 5_600L);
    assertThat(of.hour().arrived() - before.hour().arrived()).isEqualTo(2);
    assertThat(of.hour().succeeded() - before.hour().succeeded()).isEqualTo(1);
    assertThat(of.hour().failed() - before.hour().failed()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 59})
  void the_figures_of_the_last_hour_are_those_of_the_rows_if_a_minute_is_missing(int minute) {
    storeMinutes();
    sql(
        "update ops.minutes set arrived = null where minute = date_trunc('minute', now()) - interval '%d minutes'"
            .formatted(minute));
    var before = live();
    threeJobs();

    var of = live();

    assertThat(before.hour().arrived()).isLessThan(5_000);
    assertThat(of.hour().arrived() - before.hour().arrived()).isEqualTo(3);
    assertThat(of.hour().succeeded() - before.hour().succeeded()).isEqualTo(2);
  }

  /** Stores figures of the minutes of the last hour, but of none of the last six. */
  private static void storeMinutes() {
    // When the next minute begins, the oldest one drops out of the hour: leave 15 s for the test.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> number("extract(second from now())::int") < 45);
    forgetMinutes();
    sql(
        """
        update ops.minutes set arrived = 100, succeeded = 90, failed = 5
        where minute < now() - interval '6 minutes' and environment = 'live'
        """);
  }

  /** A job of half an hour ago and two of the last minutes. */
  private void threeJobs() {
    var user = userId(ada);
    done(user, UUID.randomUUID(), "now() - interval '30 minutes'", 2, 4);
    done(user, UUID.randomUUID(), "now() - interval '4 minutes'", 2, 4);
    failed(user, UUID.randomUUID(), "now() - interval '1 minute'", "quota_exceeded");
  }

  /** Leaves no stored minute, and claims those around now, so that none is stored. */
  private static void forgetMinutes() {
    sql(
        """
        delete from ops.minutes;
        insert into ops.minutes (minute, environment)
        select date_trunc('minute', now()) + n * interval '1 minute', environment
        from generate_series(-60, 5) n, (values ('live'), ('test')) as e (environment)
        """);
  }

  @Test
  void every_list_answers_as_it_is_asked() throws Exception {
    for (var page : PAGES) {
      assertThat(olga.page(page).body()).startsWith("<!doctype html>").doesNotContain("??");
      var json = get(page, "application/json");
      assertThat(Api.json(json).required("rows").isArray()).as(page).isTrue();
      assertThat(get(page, "text/csv").headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/csv");
      assertThat(get(page, "text/plain;q=0.5, text/csv;q=0.2").headers().firstValue("Content-Type"))
          .get()
          .asString()
          .startsWith("text/plain");
      var chinese =
          olga.http()
              .send(
                  HttpRequest.newBuilder(site().resolve(page))
                      .header("Accept-Language", "zh")
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(chinese.body()).contains("运维").doesNotContain("??");
    }
  }

  @Test
  void a_queue_is_paused_and_resumed_by_a_person_with_a_name() throws Exception {
    olga.form("/ops/pauses", Map.of("environment", "test"));

    assertThat(olga.page("/ops").body()).contains("The test queue has been paused");
    assertThat(rows("/ops/queues").get(1).required("paused_at").isNull()).isFalse();

    olga.form("/ops/pauses/end", Map.of("environment", "test"));
    olga.form("/ops/pauses/end", Map.of("environment", "test"));

    assertThat(number("select count(*) from jobs.pauses")).isZero();
    assertThat(ofOlga("queue.paused")).isEqualTo(1);
    assertThat(ofOlga("queue.resumed")).isEqualTo(1);
    assertThat(rows("/ops/audit").getFirst().required("operator").asString())
        .isEqualTo(olga.email());
  }

  @Test
  void every_page_says_on_top_what_is_wrong_and_the_most_urgent_problem_first() throws Exception {
    sql("delete from ops.dead_letters");
    sql("delete from ops.ledger_checks");
    try (var connection = BROKER.connect();
        var channel = connection.createChannel()) {
      channel.queuePurge(JobMessage.DEAD_QUEUE);
    }
    assertThat(olga.page("/ops/mails").body()).contains("health-green", "No problems found");

    olga.form("/ops/pauses", Map.of("environment", "test"));
    assertThat(olga.page("/ops/mails").body())
        .contains("health-amber", "The test queue has been paused", "href=\"/ops/queues\"");

    olga.form("/ops/pauses", Map.of("environment", "live"));
    for (int i = 0; i < 10; i++) {
      failed(userId(ada), UUID.randomUUID(), "now() - interval '1 minute'", "quota_exceeded");
    }
    assertThat(olga.page("/ops/mails").body())
        .contains("health-red", "10 live jobs failed in the last 5 minutes", "2 more problems")
        .doesNotContain("queue has been paused");
    assertThat(olga.page("/ops").body())
        .contains("The live queue has been paused", "The test queue has been paused");
  }

  @Test
  void before_something_stops_the_page_says_what_and_how_to_resume() throws Exception {
    failed(userId(ada), UUID.randomUUID(), "now()", "time_limit");

    assertThat(olga.page("/ops/queues").body())
        .contains("Pausing stops the dispatch of all live jobs of all accounts")
        .contains("Accounts with due jobs: 0.", "To continue, select Resume");
    assertThat(olga.page("/ops/operations/echo").body())
        .contains("New jobs of this operation are refused")
        .contains("Jobs submitted in the last hour: 1. Accounts that submitted them: 1.");
    assertThat(olga.page("/ops/accounts/" + userId(ada)).body())
        .contains("Disabling ends all sessions", "Active keys: ", "select Enable the account")
        .contains("Pausing stops the dispatch of this account");
    assertThat(olga.page("/ops/dead").body())
        .contains("Dismissing removes these jobs from this list", "Jobs: 1. Accounts: 1.");
  }

  @Test
  void a_users_share_is_seen_and_changed() throws Exception {
    done(userId(ada), UUID.randomUUID(), "now()", 1, 1);

    olga.form(
        "/ops/lanes",
        Map.of("environment", "live", "user", userId(ada).toString(), "weight", "3", "cap", "7"));

    var part =
        rows("/ops/fairness").stream()
            .filter(row -> row.required("email").asString().equals(ada.email()))
            .findFirst()
            .orElseThrow();
    assertThat(part.required("weight").asInt()).isEqualTo(3);
    assertThat(part.required("cap").asInt()).isEqualTo(7);
    assertThat(part.required("served_hour").asInt()).isEqualTo(1);
    assertThat(olga.page("/ops/fairness").body())
        .contains("<svg", ada.email(), "fairness index is 1.00 if every account was served");
    assertThat(lines("lane.changed", userId(ada))).isEqualTo(1);
    assertThat(activity(ada)).contains("lane.changed").doesNotContain(olga.email());
    assertThat(
            olga.form(
                    "/ops/lanes",
                    Map.of("environment", "live", "user", userId(ada).toString(), "weight", "0"))
                .statusCode())
        .isEqualTo(422);
  }

  @Test
  void fairness_is_one_where_all_have_the_same_and_less_where_one_has_all() {
    assertThat(Fairness.jain(parts(5, 5, 5, 5), Fairness.Part::hour)).isEqualTo(1);
    assertThat(Fairness.jain(parts(20, 0, 0, 0), Fairness.Part::hour)).isEqualTo(0.25);
    assertThat(Fairness.jain(List.of(), Fairness.Part::hour)).isEqualTo(1);
  }

  @Test
  void a_worker_that_says_so_lives_and_one_that_cannot_sign_does_not() throws Exception {
    var now = Instant.now();
    var worker = UUID.randomUUID();
    beat(RING, heartbeat(worker, now.minusSeconds(10), 0));
    beat(RING, heartbeat(worker, now, 50));
    beat(RING, heartbeat(worker, now.minusSeconds(5), 20));
    var forged = UUID.randomUUID();
    beat(
        KeyRing.parse("1:" + Base64.getEncoder().encodeToString(SOMEBODY_ELSES)),
        heartbeat(forged, now, 1));
    var last = UUID.randomUUID();
    beat(RING, heartbeat(last, now, 1));

    await().until(() -> number("select count(*) from ops.workers where id = '" + last + "'") == 1);
    var seen =
        rows("/ops/workers").stream()
            .filter(row -> row.required("id").asString().equals(worker.toString()))
            .findFirst()
            .orElseThrow();
    assertThat(seen.required("done").asLong()).isEqualTo(50);
    assertThat(seen.required("rate").asDouble()).isEqualTo(5);
    assertThat(seen.required("silent").asBoolean()).isFalse();
    assertThat(number("select count(*) from ops.workers where id = '" + forged + "'")).isZero();
  }

  @Test
  void a_worker_that_falls_silent_is_told_of_and_forgotten_after_an_hour() throws Exception {
    var worker = UUID.randomUUID();
    sql(
        "insert into ops.workers values ('%s', 'w', '1', now(), now(), now() - interval '40 seconds', 1, 2)"
            .formatted(worker));
    assertThat(olga.page("/ops").body()).contains("A worker has been silent for 40.");
    sql(
        "update ops.workers set heard_at = now() - interval '61 minutes' where id = '"
            + worker
            + "'");

    beat(RING, heartbeat(UUID.randomUUID(), Instant.now(), 0));

    await()
        .until(() -> number("select count(*) from ops.workers where id = '" + worker + "'") == 0);
  }

  @Test
  void dead_letters_stay_at_the_broker_until_they_are_taken_over() throws Exception {
    try (var connection = BROKER.connect();
        var channel = connection.createChannel()) {
      channel.queuePurge(JobMessage.DEAD_QUEUE);
      var body =
          "{\"job_id\":\"%s\",\"user_id\":\"%s\",\"text\":\"<b>of Ada</b>\"}"
              .formatted(UUID.randomUUID(), userId(ada));
      for (int i = 0; i < 3; i++) {
        dead(channel, "unsigned", body);
      }
      dead(channel, "unreadable", "{");
      await().until(() -> channel.messageCount(JobMessage.DEAD_QUEUE) == 4);

      assertThat(olga.page("/ops").body()).contains("4 dead-lettered messages");
      olga.page("/ops/dead");
      assertThat(channel.messageCount(JobMessage.DEAD_QUEUE)).isEqualTo(4);
      olga.form("/ops/dead/collection", Map.of());
      olga.form("/ops/dead/collection", Map.of());
      await().until(() -> channel.messageCount(JobMessage.DEAD_QUEUE) == 0);
    }

    assertThat(number("select count(*) from ops.dead_letters")).isEqualTo(4);
    assertThat(olga.page("/ops/dead").body()).contains("&lt;b&gt;of Ada").contains("Discard 3");
    olga.form("/ops/dead/discard", Map.of("reason", "unsigned"));
    olga.form("/ops/dead/discard", Map.of("reason", "unreadable"));
    assertThat(number("select count(*) from ops.dead_letters")).isZero();
    assertThat(ofOlga("dead_letters.collected")).isEqualTo(1);
    assertThat(ofOlga("dead_letters.discarded")).isEqualTo(2);
  }

  @Test
  void failed_jobs_are_queued_again_once_however_often_it_is_pressed() throws Exception {
    var user = userId(ada);
    var job = UUID.randomUUID();
    failed(user, job, "now()", "engine_fault");
    failed(user, UUID.randomUUID(), "now() - interval '8 days'", "engine_fault");
    assertThat(olga.page("/ops/dead").body()).contains("engine_fault", "Retry 1");

    var form = Map.of("environment", "live", "code", "engine_fault");
    olga.form("/ops/failures/redrive", form);
    olga.form("/ops/failures/redrive", form);
    sql("delete from ops.settled_failures");
    olga.form("/ops/failures/redrive", form);

    assertThat(number("select count(*) from jobs.jobs where user_id = '" + user + "'"))
        .isEqualTo(3);
    assertThat(
            text(
                "select payload from jobs.jobs where user_id = '%s' and retry_of = '%s'"
                    .formatted(user, job)))
        .contains("of Ada");
    assertThat(text("select state from jobs.jobs where id = '" + job + "'")).isEqualTo("failed");
    assertThat(ofOlga("failures.redriven")).isEqualTo(1);
    assertThat(activity(ada)).contains("failures.redriven");
  }

  @Test
  void a_failed_job_that_its_user_has_done_again_is_not_queued_once_more() throws Exception {
    var user = userId(ada);
    var job = UUID.randomUUID();
    failed(user, job, "now()", "engine_fault");
    ada.form("/jobs/" + job + "/retry", Map.of());

    olga.form("/ops/failures/redrive", Map.of("environment", "live", "code", "engine_fault"));

    assertThat(number("select count(*) from jobs.jobs where retry_of = '" + job + "'")).isOne();
    assertThat(olga.page("/ops/dead").body()).doesNotContain("engine_fault");
    assertThat(ofOlga("failures.redriven")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"redrive", "discard"})
  void a_failed_job_that_is_deleted_meanwhile_holds_up_no_other(String action) throws Exception {
    var user = userId(ada);
    var deleted = UUID.randomUUID();
    failed(user, deleted, "now()", "engine_fault");
    failed(user, UUID.randomUUID(), "now() - interval '1 minute'", "engine_fault");
    try (var deletion = DATABASE.connect(DATABASE.roles().owner());
        var delete = deletion.createStatement()) {
      deletion.setAutoCommit(false);
      delete.execute("delete from jobs.jobs where id = '" + deleted + "'");

      var form = Map.of("environment", "live", "code", "engine_fault");
      var answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return olga.form("/ops/failures/" + action, form).statusCode();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      await().until(() -> number("select count(*) from pg_locks where not granted") > 0);
      deletion.commit();

      assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(200);
    }
    assertThat(number("select count(*) from ops.settled_failures")).isOne();
    assertThat(olga.page("/ops/dead").body()).doesNotContain("engine_fault");
  }

  @Test
  void failed_jobs_that_are_left_as_they_are_are_shown_no_more() throws Exception {
    failed(userId(ada), UUID.randomUUID(), "now()", "time_limit");

    olga.form("/ops/failures/discard", Map.of("environment", "live", "code", "time_limit"));

    assertThat(olga.page("/ops/dead").body()).doesNotContain("time_limit");
    assertThat(number("select count(*) from jobs.jobs where user_id = '" + userId(ada) + "'"))
        .isEqualTo(1);
    assertThat(ofOlga("failures.discarded")).isEqualTo(1);
  }

  @Test
  void an_account_is_found_and_its_limit_changed() throws Exception {
    var start = ada.email().substring(0, 20);
    assertThat(olga.page("/ops/accounts?email=" + start).body()).contains(ada.email());
    assertThat(olga.page("/ops/accounts?email=" + userId(ada)).body()).contains(ada.email());
    assertThat(olga.page("/ops/accounts?email=zzzz").body()).doesNotContain(ada.email());
    assertThat(olga.page("/ops/accounts/" + UUID.randomUUID()).statusCode()).isEqualTo(404);

    var account = "/ops/accounts/" + userId(ada);
    olga.form(account + "/quota", Map.of("environment", "live", "units", "77"));

    assertThat(ada.usage(Environment.LIVE).required("limit").asLong()).isEqualTo(77);
    assertThat(ada.usage(Environment.LIVE).required("used").asLong()).isZero();
    assertThat(olga.page(account).body()).contains("value=\"77\"");
    assertThat(lines("quota.changed", userId(ada))).isEqualTo(1);
    assertThat(activity(ada)).contains("quota.changed");
  }

  @Test
  void what_an_account_may_do_is_changed_without_making_or_unmaking_operators() throws Exception {
    olga.form("/ops/accounts/" + userId(ada) + "/scopes", Map.of("scopes", "jobs:read ops:write"));
    olga.form("/ops/accounts/" + userId(olga) + "/scopes", Map.of("scopes", "jobs:read"));

    assertThat(text("select scopes from accounts.users where id = '" + userId(ada) + "'"))
        .isEqualTo("jobs:read");
    assertThat(text("select scopes from accounts.users where id = '" + userId(olga) + "'"))
        .isEqualTo("jobs:read ops:read ops:write");
    assertThat(lines("scopes.changed", userId(ada))).isEqualTo(1);
  }

  @Test
  void a_disabled_account_is_out_within_a_second_and_has_everything_back_when_enabled()
      throws Exception {
    var body = "{\"name\":\"a key\",\"scopes\":[\"jobs:read\"]}".getBytes(StandardCharsets.UTF_8);
    var secret = Api.json(ada.post("/api/v1/keys", body)).required("secret").asString();
    var key = Api.withKey(site(), secret);
    assertThat(key.get("/api/v1/jobs").statusCode()).isEqualTo(200);
    var account = "/ops/accounts/" + userId(ada);

    olga.form(account + "/disablement", Map.of());
    olga.form(account + "/disablement", Map.of());

    await()
        .atMost(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(key.get("/api/v1/jobs").statusCode()).isEqualTo(403));
    assertThat(ada.page("/home").uri().getPath()).isEqualTo("/signin");
    assertThat(ada.signIn(PASSWORD).uri().toString()).contains("/signin?fault");
    assertThat(number("select count(*) from jobs.pauses where user_id = '" + userId(ada) + "'"))
        .isEqualTo(2);

    olga.form(account + "/disablement/end", Map.of());

    assertThat(ada.signIn(PASSWORD).uri().getPath()).isEqualTo("/home");
    await()
        .atMost(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(key.get("/api/v1/jobs").statusCode()).isEqualTo(200));
    assertThat(number("select count(*) from jobs.pauses where user_id = '" + userId(ada) + "'"))
        .isZero();
    assertThat(lines("account.disabled", userId(ada))).isEqualTo(1);
    assertThat(lines("account.enabled", userId(ada))).isEqualTo(1);
    assertThat(olga.form("/ops/accounts/" + userId(olga) + "/disablement", Map.of()).statusCode())
        .isEqualTo(422);
  }

  @Test
  void the_books_are_checked_and_who_is_out_of_order_is_named() throws Exception {
    var job = UUID.randomUUID();
    done(userId(ada), job, "now()", 1, 1);
    sql(
        "insert into compute.quota values ('%s', 'live', to_char(now() at time zone 'utc', 'YYYY-MM'), 100, 5)"
            .formatted(userId(ada)));
    recheck();
    assertThat(broken()).isEmpty();
    assertThat(olga.page("/ops/ledger").body())
        .contains("All checks have passed", "0 units for 0 jobs");

    sql("update compute.ledger set units = 6 where job_id = '" + job + "'");
    recheck();

    assertThat(broken()).containsExactly("charge_differs", "quota_differs");
    assertThat(olga.page("/ops/ledger").body()).contains("/ops/accounts/" + userId(ada));
    assertThat(olga.page("/ops").body()).contains("2 ledger checks have failed");
    assertThat(ofOlga("ledger.checked")).isEqualTo(2);
    sql("delete from compute.results where job_id = '" + job + "'");
    sql("delete from compute.ledger where job_id = '" + job + "'");
    sql("delete from compute.quota where user_id = '" + userId(ada) + "'");
    sql("delete from jobs.jobs where id = '" + job + "'");
    recheck();
    assertThat(broken()).isEmpty();
  }

  @Test
  void an_operator_sees_the_pages_of_a_user_and_changes_nothing() throws Exception {
    ada.form("/jobs", Map.of("operation", "echo", "/text", "of Ada alone"));
    assertThat(olga.page("/jobs").body()).doesNotContain("of Ada alone");

    var there = olga.form("/ops/accounts/" + userId(ada) + "/view", Map.of());

    assertThat(there.body()).contains("Viewing as " + ada.email() + " (read-only)");
    assertThat(olga.page("/jobs").body()).contains("of Ada alone");
    assertThat(olga.page("/test/jobs").body()).contains(ada.email());
    assertThat(olga.page("/usage").body()).contains(ada.email());
    var job = text("select id::text from jobs.jobs where user_id = '" + userId(ada) + "'");
    sql(
        "update jobs.jobs set state = 'failed', code = 'unavailable', finished_at = now() where id = '"
            + job
            + "'");
    assertThat(olga.page("/jobs/" + job).body()).contains("of Ada alone");
    assertThat(text("select hops::text from jobs.jobs where id = '" + job + "'"))
        .doesNotContain("shown");
    var before = number("select count(*) from jobs.jobs");
    for (var deed : List.of("/jobs", "/keys", "/webhooks", "/batches", "/jobs/views")) {
      assertThat(olga.form(deed, Map.of("operation", "echo", "text", "forged")).statusCode())
          .as(deed)
          .isEqualTo(403);
    }
    assertThat(number("select count(*) from jobs.jobs")).isEqualTo(before);
    var refused = olga.page("/jobs/new");
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(refused.body()).contains("Viewing as " + ada.email());
    assertThat(olga.page("/settings").body()).contains(olga.email()).doesNotContain(ada.email());
    assertThat(activity(ada)).contains("account.viewed");
    assertThat(ofOlga("account.viewed")).isEqualTo(1);

    olga.form("/ops/view/end", Map.of());
    assertThat(olga.page("/jobs").body()).contains(olga.email()).doesNotContain("of Ada alone");
  }

  @Test
  void actions_are_off_on_the_pages_of_a_user_who_is_viewed() throws Exception {
    ada.form("/jobs", Map.of("operation", "echo", "/text", "of Ada alone"));
    var job = text("select id::text from jobs.jobs where user_id = '" + userId(ada) + "'");
    assertThat(ada.page("/jobs").body())
        .contains("href=\"/jobs/new\"")
        .doesNotContain("aria-disabled", "Off while you are viewing");

    olga.form("/ops/accounts/" + userId(ada) + "/view", Map.of());

    for (var page : List.of("/home", "/jobs", "/jobs/" + job, "/batches", "/keys", "/webhooks")) {
      for (var mode : List.of("", "/test")) {
        var body = olga.page(mode + page).body();
        assertThat(forms(body, mode)).as(mode + page).allMatch(OperatorsTest::isOff);
        assertThat(body).doesNotContain("href=\"" + mode + "/jobs/new", "/batches/new\"");
      }
    }
    assertThat(olga.page("/jobs").body())
        .contains("aria-disabled=\"true\" title=\"Off while you are viewing as " + ada.email())
        .containsPattern("<form[^>]*action=\"/ops/view/end[^>]*>(?:(?!disabled).)*</form>")
        .containsPattern("<input id=\"q\"(?:(?!disabled)[^>])*>");
  }

  /** The forms that change something of the user whose page it is. */
  private static List<String> forms(String body, String mode) {
    return Pattern.compile("<form[^>]*method=\"post\".*?</form>", Pattern.DOTALL)
        .matcher(body)
        .results()
        .map(MatchResult::group)
        .filter(form -> !form.matches("(?s)<form[^>]*action=\"(" + mode + ")?/(ops|signout).*"))
        .toList();
  }

  private static boolean isOff(String form) {
    return Pattern.compile("<(?:button|input|select|textarea)\\b[^>]*>")
        .matcher(form)
        .results()
        .allMatch(control -> control.group().contains("disabled=\"disabled\""));
  }

  @Test
  void who_is_an_operator_no_more_sees_nobody_elses_pages() throws Exception {
    olga.form("/ops/accounts/" + userId(ada) + "/view", Map.of());
    assertThat(olga.page("/home").body()).contains(ada.email());

    role(olga, Operators.Role.OBSERVER);
    await().untilAsserted(() -> assertThat(olga.page("/home").body()).doesNotContain(ada.email()));
    assertThat(olga.form("/ops/accounts/" + userId(ada) + "/view", Map.of()).statusCode())
        .isEqualTo(404);
    role(olga, Operators.Role.OPERATOR);
  }

  @Test
  void one_replica_checks_and_not_again_within_ten_minutes() {
    sql("update ops.ledger_runs set ran_at = now() - interval '11 minutes'");
    ledger.inTurn();
    var first = text("select max(checked_at)::text from ops.ledger_checks");
    ledger.inTurn();

    assertThat(text("select max(checked_at)::text from ops.ledger_checks")).isEqualTo(first);
    assertThat(ledger.list()).hasSize(Invariant.values().length);
    assertThat(ledger.list()).allMatch(check -> check.broken() != null);
  }

  private void recheck() throws Exception {
    sql("update ops.ledger_runs set ran_at = now() - interval '1 minute'");
    olga.form("/ops/ledger/check", Map.of());
  }

  private List<String> broken() {
    return ledger.list().stream()
        .filter(LedgerChecks.Check::fails)
        .map(LedgerChecks.Check::sentence)
        .toList();
  }

  private QueueMetrics.Of live() {
    return figures.read().getFirst();
  }

  private static List<Fairness.Part> parts(int... served) {
    return java.util.Arrays.stream(served)
        .mapToObj(hour -> new Fairness.Part(UUID.randomUUID(), "", 0, 0, 0, hour, 1, null, 0, 0))
        .toList();
  }

  private static WorkerHeartbeat heartbeat(UUID worker, Instant sentAt, long done) {
    return new WorkerHeartbeat(1, worker, "1@here", "0.2", Instant.EPOCH, sentAt, 3, done);
  }

  private static void beat(KeyRing ring, WorkerHeartbeat beat) throws Exception {
    var body = StrictJson.write(beat);
    try (var connection = BROKER.connect();
        var channel = connection.createChannel()) {
      channel.basicPublish(
          "",
          WorkerHeartbeat.QUEUE,
          new AMQP.BasicProperties.Builder()
              .headers(Map.of(JobMessage.SIGNATURE, ring.seal(body)))
              .build(),
          body);
    }
  }

  private static void dead(com.rabbitmq.client.Channel channel, String reason, String body)
      throws Exception {
    channel.basicPublish(
        "",
        JobMessage.DEAD_QUEUE,
        new AMQP.BasicProperties.Builder()
            .headers(Map.of(JobMessage.REASON, reason))
            .deliveryMode(2)
            .build(),
        body.getBytes(StandardCharsets.UTF_8));
  }

  /** A job that has ended well, with its result and charge, as the three processes write it. */
  private static void done(UUID user, UUID job, String at, int waited, int ran) {
    var hops =
        """
        jsonb_build_array(jsonb_build_object('station', 'submitted', 'at', %1$s),
          jsonb_build_object('station', 'taken', 'at', %1$s + interval '%2$d s'),
          jsonb_build_object('station', 'answered', 'at', %1$s + interval '%3$d s'))
        """
            .formatted(at, waited, waited + ran);
    row(user, job, at, "succeeded", hops, "null");
    sql(
        "insert into compute.results values ('%s', '%s', 'live', 'echo', '', '{}', 5, %s)"
            .formatted(user, job, at));
    sql(
        "insert into compute.ledger values ('%s', '%s', 'live', to_char(now() at time zone 'utc', 'YYYY-MM'), 5, 'key', %s)"
            .formatted(user, job, at));
  }

  private static void failed(UUID user, UUID job, String at, String code) {
    row(user, job, at, "failed", "'[]'", "'" + code + "'");
  }

  private static void row(UUID user, UUID job, String at, String state, String hops, String code) {
    var payload = StrictJson.write(JobPayload.of("echo", "of Ada"));
    sql(
        """
        insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, hops, units, code, fingerprint, created_at, finished_at)
        values ('%s', '%s', 'live', 'echo', '%s', '%s', %s, %s, 5, %s, '', %s, %s)
        """
            .formatted(
                user,
                job,
                new String(payload, StandardCharsets.UTF_8),
                state,
                at,
                hops,
                code,
                at,
                at));
  }

  private static long lines(String action, UUID about) {
    return number(
        "select count(*) from ops.audit_log where action = '%s' and about = '%s'"
            .formatted(action, about));
  }

  private long ofOlga(String action) {
    return number(
        "select count(*) from ops.audit_log where action = '%s' and operator = '%s'"
            .formatted(action, olga.email()));
  }

  private static String activity(Person person) {
    return text(
        "select coalesce(string_agg(action || actor || details::text, ' '), '') from accounts.audit_log where user_id = '"
            + userId(person)
            + "'");
  }

  private List<JsonNode> rows(String page) throws Exception {
    return Api.json(get(page, "application/json")).required("rows").valueStream().toList();
  }

  private HttpResponse<String> get(String page, String accept) throws Exception {
    return olga.http()
        .send(
            HttpRequest.newBuilder(site().resolve(page)).header("Accept", accept).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /** What the command prints. */
  private static String operators(String... words) throws Exception {
    var printed = new ByteArrayOutputStream();
    try (var connection = DATABASE.connect(DATABASE.roles().owner());
        var out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      var fault = new OperatorsCommand(new Operators(connection), out).run(List.of(words));
      return printed.toString(StandardCharsets.UTF_8) + fault;
    }
  }

  /** The status; Java's own client lets nobody choose the name. */
  private int manage(String method, String path, String host) throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), managementPort)) {
      socket
          .getOutputStream()
          .write(
              "%s /actuator/%s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                  .formatted(method, path, host)
                  .getBytes(StandardCharsets.US_ASCII));
      var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return Integer.parseInt(line.substring(9));
    }
  }
}
