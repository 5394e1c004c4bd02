package dev.behalf.web.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Succeeded;
import dev.behalf.contract.JobOutcome.Verdict;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;

/** From the end of a job to an endpoint. The test is the worker, and time passes by moving rows. */
class WebhooksTest extends WebAppTest {

  private static final String ALL = "\"job.succeeded\",\"job.failed\",\"job.cancelled\"";

  private Receiver receiver;
  private Person ada;

  /** An endpoint of Ada's. */
  private record Hook(String id, String secret) {}

  @BeforeEach
  void receive() throws Exception {
    receiver = new Receiver();
    ada = signUp();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void each_end_in_a_batch_is_told_to_who_wants_to_hear_of_it() throws Exception {
    var hook = hook("/hook", "\"job.succeeded\",\"job.failed\"");
    var test = hook("/test", ALL, "test");
    var done = List.of(submit(), submit(), submit());
    var failed = submit();
    var cancelled = submit();

    var verdicts = new ArrayList<JobOutcome>();
    done.forEach(job -> verdicts.add(outcome(job, new Succeeded(7, "abc", false))));
    verdicts.add(outcome(failed, new Failed("time_limit", "Too long.")));
    settle(verdicts);
    ada.post("/api/v1/jobs/" + cancelled + "/cancellation", new byte[0]);

    await().until(() -> receiver.requests().size() == 4);
    assertThat(receiver.requests())
        .allSatisfy(
            request -> {
              assertThat(request.path()).isEqualTo("/hook");
              assertThat(request.isSignedWith(hook.secret())).isTrue();
              assertThat(request.isSignedWith(test.secret())).isFalse();
              assertThat(request.header("Content-Type")).isEqualTo("application/json");
              assertThat(request.id()).matches("msg_[0-9a-f]{32}");
              assertThat(request.body()).doesNotContain("private text");
            });
    var success = body(done.getFirst());
    assertThat(success.required("type").asString()).isEqualTo("job.succeeded");
    assertThat(Instant.parse(success.required("timestamp").asString())).isNotNull();
    var job = success.required("data");
    assertThat(job.propertyNames())
        .containsExactly(
            "id",
            "environment",
            "operation",
            "state",
            "attempt",
            "units",
            "created_at",
            "finished_at");
    assertThat(job.required("units").asInt()).isEqualTo(7);
    var shown = ada.job(done.getFirst());
    for (var same : List.of("environment", "state", "attempt", "units")) {
      assertThat(job.required(same)).as(same).isEqualTo(shown.required(same));
    }
    assertThat(Instant.parse(job.required("finished_at").asString()))
        .isEqualTo(Instant.parse(shown.required("finished_at").asString()));
    assertThat(body(failed).required("data").required("code").asString()).isEqualTo("time_limit");
    await().until(() -> count(hook, "delivered") == 4);
    assertThat(count(hook, "pending") + count(test, "delivered")).isZero();
  }

  @Test
  void the_end_of_a_batch_is_told_once_with_the_number_of_jobs_by_state() throws Exception {
    var hook = hook("/hook", "\"batch.completed\"");
    hook("/test", "\"batch.completed\"", "test");
    var sent =
        ada.post(
            "/api/v1/batches?name=night",
            "{\"operation\":\"echo\",\"text\":\"a\"}\n{\"operation\":\"echo\",\"text\":\"b\"}\nno"
                .getBytes(UTF_8),
            "Content-Type",
            "application/x-ndjson");
    var batch = Api.json(sent).required("id").asString();

    sql(
        "update jobs.jobs set state = 'cancelled', finished_at = now() where batch_id = '%s'"
            .formatted(batch));

    await().until(() -> count(hook, "delivered") == 1);
    var event = Api.parse(receiver.requests().getFirst().body());
    assertThat(event.required("type").asString()).isEqualTo("batch.completed");
    var data = event.required("data");
    assertThat(data.required("id").asString()).isEqualTo(batch);
    assertThat(data.required("name").asString()).isEqualTo("night");
    assertThat(data.required("lines").asInt()).isEqualTo(3);
    assertThat(data.required("jobs").toString()).isEqualTo("{\"cancelled\":2}");
    assertThat(Instant.parse(data.required("completed_at").asString())).isNotNull();
    assertThat(receiver.requests()).hasSize(1);
  }

  @Test
  void a_cancelled_job_and_one_that_succeeds_after_all_are_told_too() throws Exception {
    hook("/hook", ALL);
    var cancelled = submit();
    var late = submit();

    ada.post("/api/v1/jobs/" + cancelled + "/cancellation", new byte[0]);
    settle(List.of(outcome(late, new Failed("attempts_exhausted", "…"))));
    await().until(() -> types(late).equals(List.of("job.failed")));
    sql(
        "insert into compute.results values ('%s', '%s', 'live', 'echo', '', '{}', 1, now())"
            .formatted(userId(ada), late));
    sql(
        "insert into compute.ledger values ('%s', '%s', 'live', '2026-11', 1, 'abc', now())"
            .formatted(userId(ada), late));

    await().until(() -> types(late).equals(List.of("job.failed", "job.succeeded")));
    await().until(() -> types(cancelled).equals(List.of("job.cancelled")));
  }

  @Test
  void no_job_ends_without_its_event() throws Exception {
    var hook = hook("/hook", ALL);
    var job = submit();
    sql(
        "create function webhooks.break() returns trigger language plpgsql as $$ begin raise 'broken'; end $$");
    sql(
        "create trigger break before insert on webhooks.deliveries for each row execute function webhooks.break()");
    try {
      settle(List.of(outcome(job, new Succeeded(1, "abc", false))));
      await().during(Duration.ofSeconds(1)).until(() -> !state(job).equals("succeeded"));
    } finally {
      sql("drop function webhooks.break() cascade");
    }

    await().until(() -> state(job).equals("succeeded"));
    await().until(() -> count(hook, "delivered") == 1);
  }

  @Test
  void a_failure_is_tried_again_with_the_same_id_and_a_new_signature() throws Exception {
    receiver.answering(500, "x".repeat(3_000), Map.of());
    var hook = hook("/hook", ALL);
    end();
    await().until(() -> attempts(hook) == 1);

    var first = only(hook);
    assertThat(first.required("state").asString()).isEqualTo("pending");
    assertThat(Instant.parse(first.required("next_attempt_at").asString()))
        .isBetween(databaseTime().plusSeconds(2), databaseTime().plus(Duration.ofMillis(5_600)));
    assertThat(webhook(hook).has("failing_since")).isTrue();

    receiver.answering(200);
    due(hook);
    await().until(() -> count(hook, "delivered") == 1);

    assertThat(receiver.requests()).hasSize(2);
    assertThat(receiver.requests().get(1).id()).isEqualTo(receiver.requests().getFirst().id());
    assertThat(receiver.requests().get(1).body()).isEqualTo(receiver.requests().getFirst().body());
    assertThat(receiver.requests()).allMatch(request -> request.isSignedWith(hook.secret()));
    assertThat(webhook(hook).has("failing_since")).isFalse();
    var attempts = detail(hook, only(hook)).required("attempts");
    assertThat(attempts.size()).isEqualTo(2);
    assertThat(attempts.get(0).required("status").asInt()).isEqualTo(200);
    assertThat(attempts.get(1).required("status").asInt()).isEqualTo(500);
    assertThat(attempts.get(1).required("answer").asString()).hasSize(1024);
  }

  @Test
  void after_the_tenth_attempt_it_is_given_up() throws Exception {
    receiver.answering(500);
    var hook = hook("/hook", ALL);
    end();
    await().until(() -> attempts(hook) == 1);

    sql("update webhooks.deliveries set tried = 9, next_at = now() where " + of(hook));

    await().until(() -> count(hook, "failed") == 1);
    assertThat(only(hook).required("reason").asString()).isEqualTo("attempts_exhausted");
  }

  @Test
  void an_endpoint_that_is_gone_is_disabled_and_gets_nothing_more() throws Exception {
    receiver.answering(500);
    var hook = hook("/hook", ALL);
    end();
    end();
    await().until(() -> attempts(hook) == 2);
    receiver.answering(410);
    sql(
        "update webhooks.deliveries set next_at = now() where id = (select min(id) from webhooks.deliveries where %s)"
            .formatted(of(hook)));

    await().until(() -> count(hook, "failed") == 2);

    assertThat(webhook(hook).required("disabled_reason").asString()).isEqualTo("gone");
    var requests = receiver.requests().size();
    end();
    assertThat(text("select count(*)::text from webhooks.deliveries where " + of(hook)))
        .isEqualTo("2");
    assertThat(receiver.requests()).hasSize(requests);
    assertThat(activity())
        .contains("\"action\":\"webhook.disabled\"")
        .contains("\"actor\":\"system\"")
        .contains("\"reason\":\"gone\"");
  }

  @Test
  void an_endpoint_that_only_fails_for_five_days_is_disabled() throws Exception {
    receiver.answering(500);
    var hook = hook("/hook", ALL);
    end();
    await().until(() -> attempts(hook) == 1);
    sql(
        "update webhooks.endpoints set failing_since = now() - interval '4 days 23 hours' where id = '%s'"
            .formatted(hook.id()));
    due(hook);
    await().until(() -> attempts(hook) == 2);
    assertThat(webhook(hook).has("disabled_at")).isFalse();

    sql(
        "update webhooks.endpoints set failing_since = now() - interval '5 days 1 hour' where id = '%s'"
            .formatted(hook.id()));
    due(hook);
    await().until(() -> count(hook, "failed") == 1);

    assertThat(webhook(hook).required("disabled_reason").asString()).isEqualTo("failing");
    assertThat(only(hook).required("reason").asString()).isEqualTo("endpoint_disabled");
    assertThat(activity()).contains("\"reason\":\"failing\"");
  }

  @Test
  void an_endpoint_that_is_busy_is_left_alone_as_long_as_it_asks() throws Exception {
    receiver.answering(503, "", Map.of("Retry-After", "3600"));
    var hook = hook("/hook", ALL);

    end();
    await().until(() -> attempts(hook) == 1);

    assertThat(Instant.parse(only(hook).required("next_attempt_at").asString()))
        .isBetween(
            databaseTime().plus(Duration.ofMinutes(59)),
            databaseTime().plus(Duration.ofMinutes(61)));
  }

  @Test
  void a_redirect_is_not_followed_and_an_answer_that_asks_for_it_at_once_is_not_repeated()
      throws Exception {
    receiver.answering(307, "", Map.of("Location", receiver.url("/elsewhere").toString()));
    var hook = hook("/hook", ALL);
    end();
    await().until(() -> attempts(hook) == 1);
    receiver.answering(503, "", Map.of("Retry-After", "0"));
    due(hook);
    await().until(() -> attempts(hook) == 2);

    assertThat(receiver.requests()).hasSize(2).allMatch(request -> request.path().equals("/hook"));
    assertThat(detail(hook, only(hook)).required("attempts").get(1).required("status").asInt())
        .isEqualTo(307);
  }

  @Test
  void a_slow_endpoint_holds_up_nobody_else() throws Exception {
    var slow = hook("/slow", ALL);
    var quick = hook("/quick", ALL);
    for (int i = 0; i < 12; i++) {
      end();
    }

    await().until(() -> count(quick, "delivered") == 12);

    assertThat(count(slow, "delivered")).isZero();
    assertThat(receiver.requests().stream().filter(r -> r.path().equals("/slow")).count())
        .isLessThanOrEqualTo(12);
    await().until(() -> attempts(slow) >= 1);
    assertThat(
            text(
                "select fault from webhooks.attempts a where a.user_id = '%s' and fault is not null limit 1"
                    .formatted(userId(ada))))
        .isEqualTo("timeout");
  }

  @Test
  void what_was_sent_by_a_process_that_died_before_it_wrote_that_down_is_sent_again()
      throws Exception {
    sql(
        "create function webhooks.die() returns trigger language plpgsql as $$ begin raise 'dead'; end $$");
    sql(
        "create trigger die before insert on webhooks.attempts for each row execute function webhooks.die()");
    Hook hook;
    try {
      hook = hook("/hook", ALL);
      end();
      await().until(() -> receiver.requests().size() == 1);
      await().during(Duration.ofMillis(500)).until(() -> count(hook, "sending") == 1);
    } finally {
      sql("drop function webhooks.die() cascade");
    }
    assertThat(
            number(
                "select count(*) from webhooks.deliveries where %s and next_at > now() + interval '30 seconds'"
                    .formatted(of(hook))))
        .as("leased")
        .isEqualTo(1);

    due(hook);

    await().until(() -> count(hook, "delivered") == 1);
    assertThat(receiver.requests()).hasSize(2);
    assertThat(receiver.requests().get(1).id()).isEqualTo(receiver.requests().getFirst().id());
  }

  @Test
  void for_a_day_after_a_rotation_both_secrets_sign() throws Exception {
    var hook = hook("/hook", ALL);
    var rotated = Api.json(post("/api/v1/webhooks/" + hook.id() + "/rotation", ""));
    var secret = rotated.required("secret").asString();
    assertThat(secret).isNotEqualTo(hook.secret());
    assertThat(Instant.parse(rotated.required("webhook").required("old_secret_until").asString()))
        .isBetween(
            databaseTime().plus(Duration.ofHours(23)), databaseTime().plus(Duration.ofHours(25)));

    end();
    await().until(() -> receiver.requests().size() == 1);
    assertThat(receiver.requests().getFirst().isSignedWith(hook.secret())).isTrue();
    assertThat(receiver.requests().getFirst().isSignedWith(secret)).isTrue();

    assertThat(ada.delete("/api/v1/webhooks/" + hook.id() + "/rotation").body())
        .doesNotContain("old_secret_until");
    end();
    await().until(() -> receiver.requests().size() == 2);
    assertThat(receiver.requests().get(1).isSignedWith(hook.secret())).isFalse();
    assertThat(receiver.requests().get(1).isSignedWith(secret)).isTrue();

    post("/api/v1/webhooks/" + hook.id() + "/rotation", "");
    sql("update webhooks.endpoints set previous_until = now() where id = '" + hook.id() + "'");
    end();
    await().until(() -> receiver.requests().size() == 3);
    assertThat(receiver.requests().get(2).isSignedWith(secret)).isFalse();
  }

  @Test
  void a_replay_has_the_same_id_and_begins_anew() throws Exception {
    receiver.answering(500);
    var hook = hook("/hook", ALL);
    end();
    await().until(() -> attempts(hook) == 1);
    sql("update webhooks.deliveries set tried = 9, next_at = now() where " + of(hook));
    await().until(() -> count(hook, "failed") == 1);

    var id = only(hook).required("id").asString();
    var path = "/api/v1/webhooks/" + hook.id() + "/deliveries/" + id;
    assertThat(post(path + "/replay", "").statusCode()).isEqualTo(202);
    await().until(() -> attempts(hook) == 3);
    assertThat(only(hook).required("state").asString()).isEqualTo("pending");
    receiver.answering(200);
    post(path + "/replay", "");
    await().until(() -> count(hook, "delivered") == 1);
    post(path + "/replay", "");
    await().until(() -> attempts(hook) == 5);

    assertThat(receiver.requests()).hasSize(5).allMatch(request -> request.id().equals(id));
    var eve = signUp();
    assertThat(eve.post(path + "/replay", new byte[0]).statusCode()).isEqualTo(404);
    var other = hook("/other", ALL);
    assertThat(ada.page(path.replace(hook.id(), other.id())).statusCode()).isEqualTo(404);
  }

  @Test
  void a_test_event_is_signed_as_any_other() throws Exception {
    var hook = hook("/hook", ALL);

    var answer = post("/api/v1/webhooks/" + hook.id() + "/test-events", "");

    assertThat(answer.statusCode()).isEqualTo(202);
    await().until(() -> receiver.requests().size() == 1);
    var request = receiver.requests().getFirst();
    assertThat(request.isSignedWith(hook.secret())).isTrue();
    assertThat(request.json().required("type").asString()).isEqualTo("webhook.test");
    assertThat(request.id()).isEqualTo(Api.json(answer).required("id").asString());
  }

  @Test
  void a_disabled_endpoint_gets_no_events_and_what_waits_goes_on_later() throws Exception {
    receiver.answering(500);
    var hook = hook("/hook", ALL);
    end();
    await().until(() -> attempts(hook) == 1);
    assertThat(
            Api.json(post("/api/v1/webhooks/" + hook.id() + "/disablement", ""))
                .required("disabled_reason")
                .asString())
        .isEqualTo("owner");
    receiver.answering(200);
    due(hook);
    end();

    await().during(Duration.ofMillis(1_500)).until(() -> receiver.requests().size() == 1);
    assertThat(
            Api.json(post("/api/v1/webhooks/" + hook.id() + "/test-events", ""))
                .required("code")
                .asString())
        .isEqualTo("webhook_disabled");

    assertThat(ada.delete("/api/v1/webhooks/" + hook.id() + "/disablement").body())
        .doesNotContain("disabled");
    await().until(() -> count(hook, "delivered") == 1);
    assertThat(receiver.requests()).hasSize(2);
  }

  @Test
  void the_secret_is_shown_once_and_encrypted_at_rest() throws Exception {
    var answer = create(receiver.url("/hook").toString(), ALL, "live");
    var secret = Api.json(answer).required("secret").asString();
    var id = Api.json(answer).required("webhook").required("id").asString();

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Location")).hasValue("/api/v1/webhooks/" + id);
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(ada.page("/api/v1/webhooks").body()).contains(id).doesNotContain("whsec_");
    assertThat(ada.page("/api/v1/webhooks/" + id).body()).doesNotContain("whsec_");
    assertThat(
            text(
                "select encode(secret, 'escape') from webhooks.endpoints where id = '%s'"
                    .formatted(id)))
        .doesNotContain(secret.substring(6, 16));
    assertThat(activity()).contains("webhook.created").doesNotContain(secret);
  }

  @Test
  void what_cannot_be_used_is_named() throws Exception {
    assertThat(field(create("ftp://example.com/", ALL, "live"))).isEqualTo("url");
    assertThat(field(create("https://ada:b@93.184.215.14/", ALL, "live"))).isEqualTo("url");
    assertThat(field(create("https://93.184.215.14/", "", "live"))).isEqualTo("events");
    assertThat(create("https://93.184.215.14/", "\"job.lost\"", "live").statusCode())
        .isEqualTo(400);
    var hook = hook("/hook", ALL);
    var changed =
        ada.patch(
            "/api/v1/webhooks/" + hook.id(),
            "{\"events\":[\"job.failed\"],\"description\":\"on call\"}"
                .getBytes(StandardCharsets.UTF_8));
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(Api.json(changed).required("events").toString()).isEqualTo("[\"job.failed\"]");
    assertThat(Api.json(changed).required("url").asString()).endsWith("/hook");
    assertThat(ada.page("/api/v1/webhooks/" + hook.id() + "/deliveries?state=lost").statusCode())
        .isEqualTo(422);
    for (int i = 1; i < 20; i++) {
      hook("/hook", ALL);
    }
    assertThat(create("https://93.184.215.14/", ALL, "live").body()).contains("20 webhooks");
  }

  @Test
  void a_key_sees_the_webhooks_of_its_environment() throws Exception {
    var live = hook("/live", ALL);
    var test = hook("/test", ALL, "test");
    var key = Api.withKey(site(), key("\"webhooks:read\",\"webhooks:write\",\"keys:read\""));

    assertThat(key.get("/api/v1/webhooks").body()).contains(test.id()).doesNotContain(live.id());
    assertThat(key.get("/api/v1/webhooks/" + live.id()).statusCode()).isEqualTo(404);
    assertThat(key.delete("/api/v1/webhooks/" + live.id()).statusCode()).isEqualTo(404);
    assertThat(key.post("/api/v1/webhooks/" + live.id() + "/rotation", "").statusCode())
        .isEqualTo(404);
    assertThat(key.get("/api/v1/activity").body()).contains(test.id()).doesNotContain(live.id());
    assertThat(key.delete("/api/v1/webhooks/" + test.id()).statusCode()).isEqualTo(204);
    assertThat(ada.page("/api/v1/webhooks").body()).contains(live.id()).doesNotContain(test.id());
  }

  @Test
  void deliveries_are_listed_in_pages_the_newest_first() throws Exception {
    var hook = hook("/hook", ALL);
    for (int i = 0; i < 5; i++) {
      end();
    }
    await().until(() -> count(hook, "delivered") == 5);
    var path = "/api/v1/webhooks/" + hook.id() + "/deliveries";

    var ids = new ArrayList<String>();
    var page = Api.json(ada.page(path + "?limit=2"));
    while (true) {
      page.required("deliveries").forEach(one -> ids.add(one.required("id").asString()));
      if (!page.has("next")) {
        break;
      }
      page = Api.json(ada.page(path + "?limit=2&cursor=" + page.required("next").asString()));
    }

    assertThat(ids).hasSize(5).doesNotHaveDuplicates();
    assertThat(ids).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    assertThat(Api.json(ada.page(path + "?state=failed")).required("deliveries").size()).isZero();
    assertThat(Api.json(ada.page(path + "?state=delivered")).required("deliveries").size())
        .isEqualTo(5);
  }

  @Test
  void deliveries_go_after_thirty_days(@Autowired DeliveryCleanup ended) throws Exception {
    var hook = hook("/hook", ALL);
    end();
    end();
    await().until(() -> count(hook, "delivered") == 2);
    sql(
        "update webhooks.deliveries set created_at = now() - interval '31 days' where id = (select min(id) from webhooks.deliveries where %s)"
            .formatted(of(hook)));

    ended.removeOld();

    assertThat(count(hook, "delivered")).isEqualTo(1);
    assertThat(
            number(
                "select count(*) from webhooks.attempts where user_id = '%s'"
                    .formatted(userId(ada))))
        .isEqualTo(1);
  }

  @Test
  void secrets_open_with_a_new_master_key(@Value("${local.management.port}") int managementPort)
      throws Exception {
    var hook = hook("/hook", ALL);
    post("/api/v1/webhooks/" + hook.id() + "/rotation", "");
    var before = secret(hook);
    sql("update webhooks.endpoints set master_key_id = '0' where id = '" + hook.id() + "'");

    // By itself.
    await().until(() -> secret(hook).startsWith("1 "));

    assertThat(secret(hook)).isNotEqualTo(before);
    end();
    await().until(() -> receiver.requests().size() == 1);
    assertThat(receiver.requests().getFirst().isSignedWith(hook.secret())).isTrue();
  }

  private static String secret(Hook hook) {
    return text(
        "select master_key_id || ' ' || encode(secret, 'hex') || encode(previous_secret, 'hex') from webhooks.endpoints where id = '%s'"
            .formatted(hook.id()));
  }

  private Hook hook(String path, String events) throws Exception {
    return hook(path, events, "live");
  }

  private Hook hook(String path, String events, String environment) throws Exception {
    var answer = create(receiver.url(path).toString(), events, environment);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return new Hook(
        Api.json(answer).required("webhook").required("id").asString(),
        Api.json(answer).required("secret").asString());
  }

  private java.net.http.HttpResponse<String> create(String url, String events, String environment)
      throws Exception {
    return post(
        "/api/v1/webhooks",
        "{\"url\":\"%s\",\"events\":[%s],\"environment\":\"%s\"}"
            .formatted(url, events, environment));
  }

  private java.net.http.HttpResponse<String> post(String path, String json) throws Exception {
    return ada.post(path, json.getBytes(StandardCharsets.UTF_8));
  }

  private static String field(java.net.http.HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(422);
    return Api.json(answer).required("field").asString();
  }

  private String key(String scopes) throws Exception {
    var body = "{\"name\":\"a key\",\"environment\":\"test\",\"scopes\":[%s]}".formatted(scopes);
    return Api.json(post("/api/v1/keys", body)).required("secret").asString();
  }

  private UUID submit() throws Exception {
    return ada.submit(Environment.LIVE, JobPayload.of("echo", "private text"));
  }

  /** A job comes to its end. */
  private void end() throws Exception {
    var job = submit();
    settle(List.of(outcome(job, new Succeeded(1, "abc", false))));
    await().until(() -> state(job).equals("succeeded"));
  }

  private JobOutcome outcome(UUID job, Verdict verdict) {
    return new JobOutcome(
        JobOutcome.VERSION, job, userId(ada), Environment.LIVE, 1, verdict, List.of());
  }

  private static void settle(List<JobOutcome> outcomes) throws Exception {
    for (var outcome : outcomes) {
      if (outcome.verdict() instanceof Succeeded succeeded) {
        saved(outcome.userId(), outcome.jobId(), "live", succeeded.units(), succeeded.keyId());
      }
    }
    var body = StrictJson.write(JobOutcomes.of(outcomes));
    try (var connection = BROKER.connect();
        var channel = connection.createChannel()) {
      var properties =
          new AMQP.BasicProperties.Builder()
              .headers(Map.of(JobMessage.SIGNATURE, RING.seal(body)))
              .build();
      channel.basicPublish(JobOutcome.EXCHANGE, JobOutcome.QUEUE, properties, body);
    }
  }

  private String state(UUID job) throws Exception {
    return ada.job(job).required("state").asString();
  }

  private JsonNode body(UUID job) {
    return receiver.requests().stream()
        .map(Receiver.Request::json)
        .filter(body -> body.required("data").required("id").asString().equals(job.toString()))
        .findFirst()
        .orElseThrow();
  }

  private List<String> types(UUID job) {
    return receiver.requests().stream()
        .map(Receiver.Request::json)
        .filter(body -> body.required("data").required("id").asString().equals(job.toString()))
        .map(body -> body.required("type").asString())
        .toList();
  }

  private JsonNode webhook(Hook hook) throws Exception {
    return Api.json(ada.page("/api/v1/webhooks/" + hook.id()));
  }

  private JsonNode only(Hook hook) throws Exception {
    var deliveries =
        Api.json(ada.page("/api/v1/webhooks/" + hook.id() + "/deliveries")).required("deliveries");
    assertThat(deliveries.size()).isEqualTo(1);
    return deliveries.get(0);
  }

  private JsonNode detail(Hook hook, JsonNode delivery) throws Exception {
    return Api.json(
        ada.page(
            "/api/v1/webhooks/%s/deliveries/%s"
                .formatted(hook.id(), delivery.required("id").asString())));
  }

  private String activity() throws Exception {
    return ada.page("/api/v1/activity").body();
  }

  private static String of(Hook hook) {
    return "endpoint_id = '" + hook.id() + "'";
  }

  private static long count(Hook hook, String state) {
    return number(
        "select count(*) from webhooks.deliveries where %s and state = '%s'"
            .formatted(of(hook), state));
  }

  private static long attempts(Hook hook) {
    return number(
        "select count(*) from webhooks.attempts a join webhooks.deliveries d on d.user_id = a.user_id and d.id = a.delivery_id where d."
            + of(hook));
  }

  /** Its time has come. */
  private static void due(Hook hook) {
    sql("update webhooks.deliveries set next_at = now() where ended_at is null and " + of(hook));
  }

  private static Instant databaseTime() {
    return Instant.parse(
        text("select to_char(now() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
  }
}
