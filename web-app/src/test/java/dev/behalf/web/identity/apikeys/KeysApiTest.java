package dev.behalf.web.identity.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class KeysApiTest extends WebAppTest {

  private static final String ALL =
      "[\"jobs:read\",\"jobs:write\",\"usage:read\",\"keys:read\",\"keys:write\"]";

  @Nested
  class A_new_key {

    @Test
    void opens_the_api_for_its_user_in_its_environment() throws Exception {
      var ada = signUp();
      var key = issue(ada, "test", ALL);

      var me = Api.json(with(key).get("/api/v1/me"));

      assertThat(me.required("user_id").asString()).isEqualTo(userId(ada).toString());
      assertThat(me.required("environment").asString()).isEqualTo("test");
      assertThat(ApiKeyFormat.parse(key).orElseThrow().environment()).isEqualTo(Environment.TEST);
    }

    @Test
    void is_shown_once_and_nowhere_else() throws Exception {
      var ada = signUp();
      var answer = create(ada, "{\"name\":\"batch\",\"scopes\":[\"jobs:read\"]}");
      var key = Api.json(answer).required("secret").asString();
      var secret = ApiKeyFormat.parse(key).orElseThrow().secret();

      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(answer.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
      for (var path : List.of("/api/v1/keys", "/api/v1/activity", "/keys", "/activity")) {
        assertThat(ada.page(path).body()).as(path).doesNotContain(secret);
      }
      assertThat(number("select count(*) from accounts.api_keys where hash = '" + secret + "'"))
          .isZero();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{\"scopes\":[\"jobs:read\"]} | name",
          "{\"name\":\"x\"} | scopes",
          "{\"name\":\"x\",\"scopes\":[\"jobs:read\"],\"expires_at\":\"2020-01-01T00:00:00Z\"} | expires_at",
          "{\"name\":\"x\",\"scopes\":[\"jobs:read\"],\"networks\":[\"example.com\"]} | networks",
          "{\"name\":\"x\",\"scopes\":[\"jobs:read\"],\"networks\":[\"10.0.0.0/33\"]} | networks",
          "{\"name\":\"x\",\"scopes\":[\"jobs:read\"],\"daily_cap\":0} | daily_cap",
        })
    void that_cannot_be_is_refused_with_the_property(String body, String field) throws Exception {
      var answer = create(signUp(), body);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
      assertThat(Api.json(answer).required("field").asString()).isEqualTo(field);
    }

    @Test
    void reaches_no_further_than_the_key_that_issued_it() throws Exception {
      var ada = signUp();
      var minter =
          issue(
              ada,
              "{\"name\":\"minter\",\"environment\":\"test\",\"scopes\":[\"keys:read\",\"keys:write\"],\"expires_at\":\"%s\"}"
                  .formatted(inDays(7)));

      assertProblem(
          with(minter)
              .post(
                  "/api/v1/keys",
                  "{\"name\":\"more\",\"scopes\":[\"jobs:write\"],\"expires_at\":\"%s\"}"
                      .formatted(inDays(1))),
          403,
          "scope_missing");
      assertProblem(
          with(minter).post("/api/v1/keys", "{\"name\":\"longer\",\"scopes\":[\"keys:read\"]}"),
          422,
          "payload_invalid");
      assertProblem(
          with(minter)
              .post(
                  "/api/v1/keys",
                  "{\"name\":\"live\",\"environment\":\"live\",\"scopes\":[\"keys:read\"],\"expires_at\":\"%s\"}"
                      .formatted(inDays(1))),
          422,
          "environment_mismatch");
      assertThat(
              with(minter)
                  .post(
                      "/api/v1/keys",
                      "{\"name\":\"less\",\"scopes\":[\"keys:read\"],\"expires_at\":\"%s\"}"
                          .formatted(inDays(1)))
                  .statusCode())
          .isEqualTo(201);
    }

    @Test
    void stays_within_the_networks_of_the_key_that_issued_it() throws Exception {
      var minter =
          issue(
              signUp(),
              "{\"name\":\"minter\",\"scopes\":[\"keys:write\"],\"networks\":[\"127.0.0.0/8\"]}");
      var asked = "{\"name\":\"x\",\"scopes\":[\"keys:write\"]%s}";

      for (var networks :
          List.of(
              "", ",\"networks\":[\"0.0.0.0/0\"]", ",\"networks\":[\"127.0.0.1\",\"192.0.2.1\"]")) {
        assertProblem(
            with(minter).post("/api/v1/keys", asked.formatted(networks)), 422, "payload_invalid");
      }
      assertThat(
              with(minter)
                  .post("/api/v1/keys", asked.formatted(",\"networks\":[\"127.0.0.0/16\"]"))
                  .statusCode())
          .isEqualTo(201);
    }

    @Test
    void does_what_its_user_may_do_and_no_more() throws Exception {
      var ada = signUp();
      var key = issue(ada, "test", ALL);
      assertThat(with(key).get("/api/v1/jobs").statusCode()).isEqualTo(200);

      sql("update accounts.users set scopes = 'usage:read' where id = '" + userId(ada) + "'");

      await()
          .atMost(Duration.ofSeconds(1))
          .until(() -> with(key).get("/api/v1/jobs").statusCode() == 403);
      assertThat(with(key).get("/api/v1/usage").statusCode()).isEqualTo(200);
      await()
          .atMost(Duration.ofSeconds(1))
          .until(() -> ada.page("/api/v1/jobs").statusCode() == 403);
    }

    @Test
    void is_taken_from_its_networks_only() throws Exception {
      var ada = signUp();
      var here =
          issue(
              ada,
              "{\"name\":\"here\",\"scopes\":[\"jobs:read\"],\"networks\":[\"127.0.0.0/8\",\"::1\"]}");
      var there =
          issue(
              ada,
              "{\"name\":\"there\",\"scopes\":[\"jobs:read\"],\"networks\":[\"192.0.2.0/24\"]}");

      assertThat(with(here).get("/api/v1/jobs").statusCode()).isEqualTo(200);
      var refused = with(there).get("/api/v1/jobs");
      assertProblem(refused, 403, "address_refused");
      assertThat(refused.body()).contains("127.0.0.1");
    }
  }

  @Nested
  class A_key {

    @Test
    void that_is_disabled_is_refused_until_it_is_enabled() throws Exception {
      var ada = signUp();
      var key = issue(ada, "test", ALL);

      assertThat(state(post(ada, path(key) + "/disablement"))).isEqualTo("disabled");
      awaitRefused(key);
      assertThat(state(delete(ada, path(key) + "/disablement"))).isEqualTo("active");
      awaitAccepted(key);
    }

    @Test
    void that_is_disabled_is_enabled_by_none_that_may_do_less() throws Exception {
      var ada = signUp();
      var strong = issue(ada, "test", ALL);
      var id = ApiKeyFormat.parse(strong).orElseThrow().keyId();
      var weak = issue(ada, "test", "[\"keys:read\",\"keys:write\"]");
      var brief =
          issue(
              ada,
              "{\"name\":\"brief\",\"environment\":\"test\",\"scopes\":%s,\"expires_at\":\"%s\"}"
                  .formatted(ALL, inDays(1)));
      var here =
          issue(
              ada,
              "{\"name\":\"here\",\"environment\":\"test\",\"scopes\":%s,\"networks\":[\"127.0.0.0/8\"]}"
                  .formatted(ALL));
      assertThat(with(weak).post("/api/v1/keys/" + id + "/disablement", "").statusCode())
          .isEqualTo(200);

      assertProblem(with(weak).delete("/api/v1/keys/" + id + "/disablement"), 403, "scope_missing");
      assertProblem(
          with(brief).delete("/api/v1/keys/" + id + "/disablement"), 422, "payload_invalid");
      assertProblem(
          with(here).delete("/api/v1/keys/" + id + "/disablement"), 422, "payload_invalid");
      assertThat(with(strong).get("/api/v1/me").statusCode()).isEqualTo(401);
      assertThat(
              with(issue(ada, "test", ALL))
                  .delete("/api/v1/keys/" + id + "/disablement")
                  .statusCode())
          .isEqualTo(200);
      awaitAccepted(strong);
    }

    @Test
    void that_is_revoked_stays_so() throws Exception {
      var ada = signUp();
      var key = issue(ada, "test", ALL);

      assertThat(state(post(ada, path(key) + "/revocation"))).isEqualTo("revoked");
      awaitRefused(key);
      for (var move : List.of("/disablement", "/revocation")) {
        assertProblem(post(ada, path(key) + move), 409, "key_state");
      }
      assertProblem(rotate(ada, key, "1h"), 409, "key_state");
    }

    @Test
    void that_has_expired_is_refused_and_cannot_be_rotated() throws Exception {
      var ada = signUp();
      var key = issue(ada, "test", ALL);
      sql("update accounts.api_keys set expires_at = now() where key_id = '" + id(key) + "'");

      awaitRefused(key);
      assertThat(state(ada.page(path(key)))).isEqualTo("expired");
      assertProblem(rotate(ada, key, "1h"), 409, "key_state");
    }

    @Test
    void of_another_user_is_not_found_at_any_address() throws Exception {
      var key = issue(signUp(), "test", ALL);
      var eve = signUp();

      for (var path : List.of(path(key), "/keys/" + id(key))) {
        assertThat(eve.page(path).statusCode()).as(path).isEqualTo(404);
      }
      for (var move : List.of("/disablement", "/revocation")) {
        assertProblem(post(eve, path(key) + move), 404, "not_found");
        assertThat(eve.form("/keys/" + id(key) + move, java.util.Map.of()).statusCode())
            .isEqualTo(404);
      }
      assertProblem(rotate(eve, key, "now"), 404, "not_found");
      assertThat(with(key).get("/api/v1/me").statusCode()).isEqualTo(200);
    }

    @Test
    void knows_when_and_from_where_it_was_used() throws Exception {
      var ada = signUp();
      var key = issue(ada, "test", ALL);
      with(key).get("/api/v1/me");

      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  Api.json(ada.page(path(key)))
                      .path("last_used")
                      .path("address")
                      .asString("")
                      .equals("127.0.0.1"));
      var days = Api.json(ada.page("/api/v1/keys/traffic")).required("days");
      assertThat(days.get(0).required("key_id").asString()).isEqualTo(id(key));
      assertThat(days.get(0).required("calls").asLong()).isEqualTo(1);
    }

    @Test
    void that_was_refused_shows_why_to_its_owner() throws Exception {
      var ada = signUp();
      var key =
          issue(
              ada,
              "{\"name\":\"there\",\"scopes\":[\"jobs:read\"],\"networks\":[\"192.0.2.0/24\"]}");
      with(key).get("/api/v1/jobs");

      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  Api.json(ada.page("/api/v1/keys/traffic"))
                          .required("days")
                          .path(0)
                          .path("refused")
                          .path("address")
                          .asLong(0)
                      == 1);
    }
  }

  @Nested
  class A_rotation {

    @Test
    void lets_both_keys_work_and_can_be_rolled_back() throws Exception {
      var ada = signUp();
      var old = issue(ada, "test", ALL);
      var rotated = rotate(ada, old, "24h");
      var fresh = Api.json(rotated).required("secret").asString();

      assertThat(rotated.statusCode()).isEqualTo(201);
      awaitAccepted(old);
      awaitAccepted(fresh);
      assertThat(state(ada.page(path(old)))).isEqualTo("rotating");
      assertProblem(post(ada, path(old) + "/disablement"), 409, "key_state");

      assertThat(state(delete(ada, path(old) + "/rotation"))).isEqualTo("active");
      awaitRefused(fresh);
      awaitAccepted(old);
    }

    @Test
    void with_no_overlap_ends_the_old_key_at_once() throws Exception {
      var ada = signUp();
      var old = issue(ada, "test", ALL);
      var fresh = Api.json(rotate(ada, old, "now")).required("secret").asString();

      awaitRefused(old);
      awaitAccepted(fresh);
      assertProblem(delete(ada, path(old) + "/rotation"), 409, "key_state");
    }

    @Test
    void ends_the_old_key_when_the_overlap_is_over() throws Exception {
      var ada = signUp();
      var old = issue(ada, "test", ALL);
      rotate(ada, old, "15m");
      sql("update accounts.api_keys set overlap_until = now() where key_id = '" + id(old) + "'");

      awaitRefused(old);
      assertThat(state(ada.page(path(old)))).isEqualTo("revoked");
    }

    @Test
    void until_silent_ends_when_nobody_uses_the_old_key_any_more() throws Exception {
      var ada = signUp();
      var silent = issue(ada, "test", ALL);
      var busy = issue(ada, "test", ALL);
      for (var key : List.of(silent, busy)) {
        assertThat(
                post(
                        ada,
                        path(key) + "/rotation",
                        "{\"overlap\":\"until_silent\",\"silent_for\":\"15m\"}")
                    .statusCode())
            .isEqualTo(201);
        sql(
            "update accounts.api_keys set rotated_at = now() - interval '20 minutes' where key_id = '"
                + id(key)
                + "'");
      }
      sql(
          "insert into accounts.key_last_used values ('%s', '%s', now() - interval '5 minutes', '127.0.0.1', '') on conflict (user_id, key_id) do update set used_at = excluded.used_at"
              .formatted(userId(ada), id(busy)));

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> state(ada.page(path(silent))).equals("revoked"));
      assertThat(state(ada.page(path(busy)))).isEqualTo("rotating");
    }

    @Test
    void never_extends_an_expiry_and_narrows_nothing() throws Exception {
      var ada = signUp();
      var old =
          issue(
              ada,
              "{\"name\":\"old\",\"scopes\":[\"jobs:read\"],\"networks\":[\"127.0.0.0/8\"],\"daily_cap\":7,\"expires_at\":\"%s\"}"
                  .formatted(inDays(3)));
      var fresh = Api.json(rotate(ada, old, "1h")).required("key");
      var before = Api.json(ada.page(path(old)));

      for (var property :
          List.of("name", "scopes", "networks", "daily_cap", "expires_at", "environment")) {
        assertThat(fresh.required(property)).as(property).isEqualTo(before.required(property));
      }
    }

    @Test
    void is_rolled_back_by_none_that_may_do_less() throws Exception {
      var ada = signUp();
      var strong = issue(ada, "test", ALL);
      var id = ApiKeyFormat.parse(strong).orElseThrow().keyId();
      var weak = issue(ada, "test", "[\"keys:read\",\"keys:write\"]");
      ada.post(
          "/api/v1/keys/" + id + "/rotation",
          "{\"overlap\":\"15m\"}".getBytes(StandardCharsets.UTF_8));

      assertProblem(with(weak).delete("/api/v1/keys/" + id + "/rotation"), 403, "scope_missing");
    }

    @Test
    void gives_no_key_away_that_may_do_more() throws Exception {
      var ada = signUp();
      var strong = issue(ada, "test", ALL);
      var weak = issue(ada, "test", "[\"keys:write\"]");

      assertProblem(
          with(weak).post(path(strong) + "/rotation", "{\"overlap\":\"now\"}"),
          403,
          "scope_missing");
    }

    @Test
    void is_not_taken_back_by_the_key_that_is_being_replaced_nor_does_that_one_issue_others()
        throws Exception {
      var ada = signUp();
      var leaked = issue(ada, "test", ALL);
      rotate(ada, leaked, "1h");
      awaitAccepted(leaked);

      assertProblem(with(leaked).delete(path(leaked) + "/rotation"), 401, "key_invalid");
      assertProblem(
          with(leaked)
              .post(
                  "/api/v1/keys",
                  "{\"name\":\"x\",\"scopes\":[\"jobs:read\"],\"expires_at\":\"%s\"}"
                      .formatted(Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS))),
          401,
          "key_invalid");
    }

    @Test
    void can_be_rolled_back_also_when_the_successor_is_revoked_already() throws Exception {
      var ada = signUp();
      var old = issue(ada, "test", ALL);
      var fresh = Api.json(rotate(ada, old, "24h")).required("secret").asString();
      post(ada, path(fresh) + "/revocation");

      assertThat(state(delete(ada, path(old) + "/rotation"))).isEqualTo("active");
    }

    @Test
    void of_a_managed_key_shows_nothing_and_puts_another_in_its_place() throws Exception {
      var ada = signUp();
      var managed = managed(ada).getFirst();

      var answer = post(ada, "/api/v1/keys/" + managed + "/rotation", "{\"overlap\":\"15m\"}");

      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(Api.json(answer).has("secret")).isFalse();
      assertThat(managed(ada)).hasSize(2).doesNotContain(managed);
    }
  }

  @Test
  void a_managed_key_that_is_revoked_has_a_successor_at_once() throws Exception {
    var ada = signUp();
    var before = managed(ada);

    for (var id : before) {
      assertThat(state(post(ada, "/api/v1/keys/" + id + "/revocation"))).isEqualTo("revoked");
    }

    assertThat(managed(ada)).hasSize(2).doesNotContainAnyElementsOf(before);
    assertProblem(
        post(ada, "/api/v1/keys/" + managed(ada).getFirst() + "/disablement"), 409, "key_state");
  }

  @Test
  void managed_keys_are_rotated_when_they_are_old() throws Exception {
    var ada = signUp();
    var before = managed(ada);
    sql(
        "update accounts.api_keys set created_at = now() - interval '31 days' where user_id = '"
            + userId(ada)
            + "'");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> managed(ada).stream().noneMatch(before::contains));

    assertThat(managed(ada)).hasSize(2);
    assertThat(ada.page("/api/v1/activity").body()).contains("\"actor\":\"system\"");
  }

  @Test
  void everything_is_revoked_at_once_and_workers_still_have_keys() throws Exception {
    var ada = signUp();
    var keys = Stream.of(issue(ada, "live", ALL), issue(ada, "test", ALL)).toList();

    var answer = post(ada, "/api/v1/keys/revocation");

    assertThat(Api.json(answer).required("revoked").asInt()).isEqualTo(4);
    for (var key : keys) {
      awaitRefused(key);
    }
    assertThat(managed(ada)).hasSize(2);
  }

  @Test
  void a_key_of_one_environment_neither_sees_nor_moves_keys_of_the_other() throws Exception {
    var ada = signUp();
    var test = issue(ada, "test", ALL);
    var live = issue(ada, "live", ALL);

    assertThat(with(test).get("/api/v1/keys").body()).contains(id(test)).doesNotContain(id(live));
    assertProblem(with(test).post(path(live) + "/revocation", ""), 404, "not_found");
    with(test).post("/api/v1/keys/revocation", "");
    awaitAccepted(live);
  }

  @Test
  void a_key_of_one_environment_sees_the_activity_of_that_one() throws Exception {
    var ada = signUp();
    var test = issue(ada, "test", ALL);
    var live = issue(ada, "live", ALL);

    assertThat(with(test).get("/api/v1/activity").body())
        .contains(id(test))
        .doesNotContain(id(live))
        .doesNotContain("session.began");
  }

  @Test
  void nothing_escapes_who_revokes_everything_while_keys_are_issued_and_rotated() throws Exception {
    var ada = signUp();
    var stolen = issue(ada, "test", ALL);
    try (var threads = java.util.concurrent.Executors.newFixedThreadPool(4)) {
      var thefts = new java.util.ArrayList<java.util.concurrent.Future<HttpResponse<String>>>();
      for (int i = 0; i < 40; i++) {
        thefts.add(
            threads.submit(
                () ->
                    with(stolen)
                        .post("/api/v1/keys", "{\"name\":\"theft\",\"scopes\":[\"keys:write\"]}")));
      }
      post(ada, "/api/v1/keys/revocation");
      for (var theft : thefts) {
        theft.get();
      }
    }

    assertThat(
            number(
                "select count(*) from accounts.api_keys where kind = 'personal' and revoked_at is null and user_id = '"
                    + userId(ada)
                    + "'"))
        .isZero();
  }

  @Test
  void every_move_is_in_the_audit_log_with_who_and_from_where() throws Exception {
    var ada = signUp();
    var key = issue(ada, "test", ALL);
    with(key).post(path(key) + "/disablement", "");
    post(ada, path(key) + "/revocation");

    var log = Api.json(ada.page("/api/v1/activity")).required("activity");

    assertThat(
            log.valueStream()
                .map(
                    entry ->
                        entry.required("action").asString()
                            + " by "
                            + entry.required("actor").asString()))
        .containsSubsequence(
            "key.revoked by session", "key.disabled by key " + id(key), "key.created by session");
    assertThat(log.get(0).required("address").asString()).isEqualTo("127.0.0.1");
  }

  @Test
  void nobody_can_change_the_audit_log() {
    for (var statement :
        List.of("update accounts.audit_log set actor = 'x'", "delete from accounts.audit_log")) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> {
                try (var connection = DATABASE.connect(DATABASE.roles().web());
                    var s = connection.createStatement()) {
                  s.execute(statement);
                }
              })
          .hasMessageContaining("permission denied");
    }
  }

  private Api with(String key) {
    return Api.withKey(site(), key);
  }

  private String issue(Person person, String environment, String scopes) throws Exception {
    return issue(
        person,
        "{\"name\":\"a key\",\"environment\":\"%s\",\"scopes\":%s}".formatted(environment, scopes));
  }

  private static String issue(Person person, String body) throws Exception {
    return Api.json(create(person, body)).required("secret").asString();
  }

  private static HttpResponse<String> create(Person person, String body) throws Exception {
    return person.post("/api/v1/keys", body.getBytes(StandardCharsets.UTF_8));
  }

  private static HttpResponse<String> rotate(Person person, String key, String overlap)
      throws Exception {
    return post(person, path(key) + "/rotation", "{\"overlap\":\"" + overlap + "\"}");
  }

  private static HttpResponse<String> post(Person person, String path) throws Exception {
    return post(person, path, "");
  }

  private static HttpResponse<String> post(Person person, String path, String body)
      throws Exception {
    return person.post(path, body.getBytes(StandardCharsets.UTF_8));
  }

  private static HttpResponse<String> delete(Person person, String path) throws Exception {
    return person.delete(path);
  }

  private static String path(String key) {
    return "/api/v1/keys/" + id(key);
  }

  private static String id(String key) {
    return ApiKeyFormat.parse(key).orElseThrow().keyId();
  }

  private static String inDays(int days) {
    return Instant.now().plus(days, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String state(HttpResponse<String> answer) {
    return Api.json(answer).path("state").asString(answer.body());
  }

  /** Those that work and are not being replaced. */
  private static List<String> managed(Person person) throws Exception {
    return Api.json(person.page("/api/v1/keys"))
        .required("keys")
        .valueStream()
        .filter(key -> key.required("kind").asString().equals("managed"))
        .filter(key -> key.required("state").asString().equals("active"))
        .map((JsonNode key) -> key.required("id").asString())
        .toList();
  }

  private void awaitRefused(String key) {
    await()
        .atMost(Duration.ofSeconds(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> with(key).get("/api/v1/me").statusCode() == 401);
  }

  private void awaitAccepted(String key) {
    await()
        .atMost(Duration.ofSeconds(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> with(key).get("/api/v1/me").statusCode() == 200);
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(Api.json(answer).required("code").asString()).isEqualTo(code);
  }
}
