package dev.behalf.web.identity.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import dev.behalf.web.identity.oauth.OAuth;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeletionTest extends WebAppTest {

  @Test
  void of_an_account_leaves_nothing_of_the_user_but_the_closing_sums() throws Exception {
    var ada = signUp();
    var user = userId(ada);
    var job = ada.submit(Environment.LIVE, JobPayload.of("echo", "private"));
    charge(user, job, 42);
    var key = Api.withKey(site(), key(ada));
    addWebhook(ada);
    var token =
        Api.withToken(
            site(),
            OAuth.register(site(), ada, "public", "jobs:read")
                .tokens("jobs:read")
                .required("access_token")
                .asString());
    assertThat(key.get("/api/v1/me").statusCode()).isEqualTo(200);
    assertThat(token.get("/api/v1/me").statusCode()).isEqualTo(200);

    var answer = ada.form("/settings/deletion", Map.of("password", PASSWORD));

    assertThat(answer.uri().toString()).endsWith("/signin?deleted");
    await()
        .atMost(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertThat(key.get("/api/v1/me").statusCode()).isEqualTo(401);
              assertThat(token.get("/api/v1/me").statusCode()).isEqualTo(401);
            });
    assertThat(ada.page("/home").uri().getPath()).isEqualTo("/signin");
    assertThat(tablesThatName(user)).isEmpty();
    assertThat(
            number(
                "select count(*) from accounts.spring_session where principal_name = '"
                    + user
                    + "'"))
        .isZero();
    assertThat(
            text(
                "select details::text || coalesce(user_id::text, '') || coalesce(address, '') from accounts.audit_log where action = 'account.deleted' order by id desc limit 1"))
        .contains("\"units\": 42")
        .doesNotContain(user.toString())
        .doesNotContain(ada.email())
        .doesNotContain("127.0.0.1");
  }

  @Test
  void needs_the_password_again() throws Exception {
    var ada = signUp();

    var answer = ada.form("/settings/deletion", Map.of("password", "something else"));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("Nothing was changed");
    assertThat(ada.page("/api/v1/me").statusCode()).isEqualTo(200);
  }

  @Test
  void does_not_let_the_password_be_guessed() throws Exception {
    var ada = signUp();
    for (int i = 0; i < 10; i++) {
      ada.form("/settings/deletion", Map.of("password", "guess " + i));
    }

    assertThat(ada.form("/settings/deletion", Map.of("password", PASSWORD)).body())
        .contains("Too many failed attempts");
    assertThat(ada.page("/api/v1/me").statusCode()).isEqualTo(200);
  }

  private static void charge(UUID user, UUID job, int units) {
    sql(
        "insert into compute.results values ('%s', '%s', 'live', 'echo', '', '{}', %d, now())"
            .formatted(user, job, units));
    sql(
        "insert into compute.ledger values ('%s', '%s', 'live', '2026-11', %d, 'key', now())"
            .formatted(user, job, units));
    sql(
        "insert into compute.quota values ('%s', 'live', '2026-11', 100, %d)"
            .formatted(user, units));
  }

  /** With a delivery and an attempt. */
  private static void addWebhook(Person person) throws Exception {
    var body = "{\"url\":\"http://127.0.0.1:1/\",\"events\":[\"job.failed\"]}";
    var answer = person.post("/api/v1/webhooks", body.getBytes(StandardCharsets.UTF_8));
    var id = Api.json(answer).required("webhook").required("id").asString();
    person.post("/api/v1/webhooks/" + id + "/test-events", new byte[0]);
    await()
        .until(
            () ->
                number(
                        "select count(*) from webhooks.attempts where user_id = '%s'"
                            .formatted(userId(person)))
                    == 1);
  }

  private static String key(Person person) throws Exception {
    var body = "{\"name\":\"a key\",\"scopes\":[\"jobs:read\"]}".getBytes(StandardCharsets.UTF_8);
    return Api.json(person.post("/api/v1/keys", body)).required("secret").asString();
  }

  /** Of all that there are, so that a table that comes later is not forgotten. */
  private static java.util.List<String> tablesThatName(UUID user) {
    var found = new java.util.ArrayList<String>();
    for (var table :
        text("select string_agg(table_schema || '.' || table_name, ',') from information_schema.tables where table_schema in ('accounts', 'jobs', 'compute', 'webhooks', 'ops')")
            .split(",", -1)) {
      if (number("select count(*) from " + table + " t where t::text like '%" + user + "%'") > 0) {
        found.add(table);
      }
    }
    return found;
  }
}
