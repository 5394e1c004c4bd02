package dev.behalf.web.identity.platforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.SignedJWT;
import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.ClientCredentials;
import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.security.Scope;
import dev.behalf.web.WebAppTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A platform that acts for its users: promises 4 and 10 for other people's buttons. */
class ActingTest extends WebAppTest {

  private static final String JOB = "{\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"}}";
  private static final Duration WITHIN = Duration.ofSeconds(1);

  @Autowired private Platforms platforms;

  private String name;
  private ClientCredentials credentials;
  private Backend shop;

  @BeforeEach
  void aPlatformWithAUser() throws Exception {
    name = "p" + UUID.randomUUID().toString().substring(0, 18);
    credentials =
        platforms.create(
            new NewPlatform(name, Scope.OF_PLATFORMS, List.of("https://shop.example")));
    shop = new Backend(site(), credentials);
    shop.call("PUT", "/api/v1/users/ada", "{}");
  }

  private Backend another(Set<Scope> scopes) {
    var other = "p" + UUID.randomUUID().toString().substring(0, 18);
    return new Backend(site(), platforms.create(new NewPlatform(other, scopes, List.of())));
  }

  @Test
  void a_token_is_exchanged_for_one_that_acts_for_a_user() throws Exception {
    var answer = shop.exchange("ada");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var json = Backend.json(answer);
    assertThat(json.required("issued_token_type").asString())
        .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
    assertThat(json.required("expires_in").asInt()).isBetween(590, 600);
    assertThat(json.required("scope").asString().split(" "))
        .containsExactlyInAnyOrder(
            "jobs:read", "jobs:write", "usage:read", "keys:read", "keys:write");
    var claims = SignedJWT.parse(json.required("access_token").asString()).getJWTClaimsSet();
    assertThat(claims.getSubject()).isEqualTo(id("ada"));
    assertThat(claims.getClaim("act")).isEqualTo(Map.of("sub", "platform " + name));
    var me = shop.call(json.required("access_token").asString(), "GET", "/api/v1/me", "");
    assertThat(Backend.json(me).required("user_id").asString()).isEqualTo(id("ada"));
    assertThat(Backend.json(me).required("credential").asString()).isEqualTo("platform " + name);
  }

  @Test
  void a_header_acts_for_a_user_without_an_exchange() throws Exception {
    var queued = shop.callFor("ada", "POST", "/api/v1/jobs", JOB);

    assertThat(queued.statusCode()).as(queued.body()).isEqualTo(202);
    var job = Backend.json(queued).required("id").asString();
    assertThat(text("select user_id::text from jobs.jobs where id = '" + job + "'"))
        .isEqualTo(id("ada"));
  }

  @Test
  void scopes_intersect() throws Exception {
    var token = shop.tokenFor("ada", "jobs:read", "webhooks:read");
    var onlyKeys = another(EnumSet.of(Scope.USERS_WRITE, Scope.ACT_KEYS));
    onlyKeys.call("PUT", "/api/v1/users/bo", "{}");

    assertThat(shop.call(token, "GET", "/api/v1/jobs", "").statusCode()).isEqualTo(200);
    assertThat(shop.call(token, "POST", "/api/v1/jobs", JOB).statusCode()).isEqualTo(403);
    assertThat(shop.call(token, "GET", "/api/v1/webhooks", "").statusCode()).isEqualTo(403);
    assertThat(onlyKeys.callFor("bo", "GET", "/api/v1/keys", "").statusCode()).isEqualTo(200);
    assertThat(onlyKeys.callFor("bo", "GET", "/api/v1/jobs", "").statusCode()).isEqualTo(403);
    assertThat(onlyKeys.exchange("bo", "jobs:read").body()).contains("invalid_scope");
    assertThat(shop.exchange("ada", "everything").body()).contains("invalid_scope");
    assertThat(
            shop.call(
                    shop.token("act:keys"), "GET", "/api/v1/jobs", "", "Behalf-On-Behalf-Of", "ada")
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void a_user_without_a_scope_has_it_through_no_platform() throws Exception {
    sql("update accounts.users set scopes = 'jobs:read' where id = '" + id("ada") + "'");

    await()
        .atMost(WITHIN)
        .untilAsserted(
            () -> {
              assertThat(shop.callFor("ada", "POST", "/api/v1/jobs", JOB).statusCode())
                  .isEqualTo(403);
              assertThat(shop.call(shop.tokenFor("ada"), "POST", "/api/v1/jobs", JOB).statusCode())
                  .isEqualTo(403);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "of others", "../ada", ""})
  void an_unknown_id_is_refused_and_creates_nobody(String id) throws Exception {
    var before = number("select count(*) from accounts.users");

    assertThat(shop.callFor(id, "GET", "/api/v1/jobs", "").statusCode()).isIn(404);
    assertThat(shop.exchange(id).statusCode()).isEqualTo(400);
    assertThat(number("select count(*) from accounts.users")).isEqualTo(before);
  }

  @Test
  void another_platforms_user_is_unknown_and_so_are_the_jobs() throws Exception {
    var other = another(Scope.OF_PLATFORMS);
    other.call("PUT", "/api/v1/users/eve", "{}");
    var job = submit("ada");

    assertThat(other.callFor("ada", "GET", "/api/v1/jobs", "").statusCode()).isEqualTo(404);
    assertThat(other.exchange("ada").statusCode()).isEqualTo(400);
    assertThat(other.callFor("eve", "GET", "/api/v1/jobs/" + job, "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/api/v1/jobs",
    "POST,/api/v1/jobs",
    "GET,/api/v1/keys",
    "GET,/api/v1/usage",
    "GET,/api/v1/me",
    "GET,/home"
  })
  void a_platform_is_no_user(String method, String path) throws Exception {
    assertThat(shop.call(method, path, JOB).statusCode()).isIn(302, 403, 404);
  }

  @Test
  void a_key_or_the_token_of_an_exchange_names_nobody_else() throws Exception {
    var key = key("ada", "[\"jobs:read\"]").required("secret").asString();

    assertThat(
            http(
                    "GET",
                    "/api/v1/jobs",
                    "",
                    "Authorization",
                    "Api-Key " + key,
                    "Behalf-On-Behalf-Of",
                    "ada")
                .statusCode())
        .isEqualTo(403);
    assertThat(withKey(key, "/api/v1/jobs").statusCode()).isEqualTo(200);
    var token = shop.tokenFor("ada");
    assertThat(
            shop.call(token, "GET", "/api/v1/jobs", "", "Behalf-On-Behalf-Of", "ada").statusCode())
        .isEqualTo(403);
    assertThat(shop.call(token, "GET", "/api/v1/users/ada", "").statusCode()).isEqualTo(403);
  }

  @Test
  void the_activity_and_the_receipt_name_the_platform() throws Exception {
    var user = UUID.fromString(id("ada"));
    var job = submit("ada");
    key("ada", "[\"jobs:read\"]");
    var managed =
        text(
            "select key_id from accounts.api_keys where kind = 'managed' and environment = 'live' and user_id = '"
                + user
                + "'");
    saved(user, UUID.fromString(job), "live", 1, managed);

    var receipt = Backend.json(shop.callFor("ada", "GET", "/api/v1/jobs/" + job + "/receipt", ""));
    assertThat(receipt.required("actor").asString()).isEqualTo("platform " + name);
    assertThat(receipt.required("user_id").asString()).isEqualTo(user.toString());
    assertThat(isGenuine(receipt.toString())).isTrue();
    assertThat(isGenuine(receipt.toString().replace("platform " + name, "session"))).isFalse();
    var activity = Backend.json(shop.callFor("ada", "GET", "/api/v1/activity", ""));
    assertThat(activity.required("activity").get(0).required("actor").asString())
        .isEqualTo("platform " + name);
  }

  @Test
  void who_acts_is_told_and_an_operator_ends_it_everywhere_within_a_second() throws Exception {
    var job = submit("ada");
    var token = shop.tokenFor("ada");
    var issued = key("ada", "[\"jobs:read\"]").required("secret").asString();
    var watch = watchToken("ada", job);
    var user = id("ada");
    var actors = Backend.json(shop.callFor("ada", "GET", "/api/v1/actors", ""));
    assertThat(actors.required("actors").get(0).required("name").asString()).isEqualTo(name);
    var olga = operator(signUp());
    assertThat(olga.page("/ops/accounts?email=ada").body()).contains(name + " · ada");
    assertThat(olga.page("/ops/accounts/" + user).body()).contains(name + " acts for this user");

    olga.form("/ops/accounts/" + user + "/acting/end", Map.of());

    await()
        .atMost(WITHIN)
        .untilAsserted(
            () -> {
              assertThat(shop.call(token, "GET", "/api/v1/jobs", "").statusCode()).isEqualTo(401);
              assertThat(shop.callFor("ada", "GET", "/api/v1/jobs", "").statusCode())
                  .isEqualTo(404);
              assertThat(withKey(issued, "/api/v1/jobs").statusCode()).isEqualTo(401);
              assertThat(shop.call(watch, "GET", "/api/v1/jobs/" + job, "").statusCode())
                  .isEqualTo(401);
            });
    assertThat(shop.exchange("ada").statusCode()).isEqualTo(400);
    assertThat(Backend.json(shop.call("GET", "/api/v1/users/ada", "")).has("acting_ended_at"))
        .isTrue();
    assertThat(
            text(
                "select actor from accounts.audit_log where action = 'platform.ended' and user_id = '%s'"
                    .formatted(user)))
        .isEqualTo("operator");
  }

  @Test
  void an_operator_deletes_the_user_of_a_platform_that_has_ended() throws Exception {
    var user = id("ada");
    platforms.end(name);

    operator(signUp()).form("/ops/accounts/" + user + "/deletion", Map.of());

    assertThat(number("select count(*) from accounts.users where id = '" + user + "'")).isZero();
  }

  @Test
  void a_session_names_nobody_else_either() throws Exception {
    var ada = signUp();
    var body = JOB.getBytes(StandardCharsets.UTF_8);

    assertThat(ada.post("/api/v1/jobs", body, "Behalf-On-Behalf-Of", "ada").statusCode())
        .isEqualTo(403);
    assertThat(ada.post("/api/v1/jobs", body).statusCode()).isEqualTo(202);
  }

  @Test
  void a_header_that_is_sent_twice_is_refused() throws Exception {
    var answer =
        http(
            "GET",
            "/api/v1/jobs",
            "",
            "Authorization",
            "Bearer " + shop.token(),
            "Behalf-On-Behalf-Of",
            "ada",
            "Behalf-On-Behalf-Of",
            "eve");

    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @Test
  void a_scope_that_is_named_twice_is_named_once() throws Exception {
    assertThat(
            Backend.json(shop.exchange("ada", "jobs:read", "jobs:read"))
                .required("scope")
                .asString())
        .isEqualTo("jobs:read");
  }

  @Test
  void a_caller_who_may_not_read_the_job_gets_no_token_that_does() throws Exception {
    var queued = shop.call(shop.tokenFor("ada", "jobs:write"), "POST", "/api/v1/jobs", JOB);

    assertThat(queued.statusCode()).isEqualTo(202);
    assertThat(Backend.json(queued).has("watch_token")).isFalse();
  }

  @Test
  void a_platform_that_has_ended_is_refused_everywhere_within_a_second() throws Exception {
    var token = shop.token();
    var acting = shop.tokenFor("ada");
    var issued = key("ada", "[\"jobs:read\"]").required("secret").asString();
    platforms.end(name);

    await()
        .atMost(WITHIN)
        .untilAsserted(
            () -> {
              assertThat(shop.call(token, "GET", "/api/v1/users", "").statusCode()).isEqualTo(401);
              assertThat(shop.call(acting, "GET", "/api/v1/jobs", "").statusCode()).isEqualTo(401);
              assertThat(withKey(issued, "/api/v1/jobs").statusCode()).isEqualTo(401);
              assertThat(shop.exchange("ada").statusCode()).isEqualTo(401);
            });
  }

  @Test
  void a_second_client_takes_over_and_the_first_one_ends() throws Exception {
    var before = shop.token();
    var renewed = new Backend(site(), platforms.rotate(name, Duration.ofDays(1)));
    assertThat(shop.call(before, "GET", "/api/v1/users", "").statusCode()).isEqualTo(200);
    assertThat(renewed.call("GET", "/api/v1/users/ada", "").statusCode()).isEqualTo(200);

    platforms.rotate(name, Duration.ZERO);

    await()
        .atMost(WITHIN)
        .untilAsserted(
            () ->
                assertThat(shop.call(before, "GET", "/api/v1/users", "").statusCode())
                    .isEqualTo(401));
  }

  @Test
  void a_platforms_key_issues_keys_that_end_with_the_platform() throws Exception {
    var first = key("ada", "[\"keys:write\",\"jobs:read\"]").required("secret").asString();
    var second =
        StrictJson.MAPPER.readTree(
            http(
                    "POST",
                    "/api/v1/keys",
                    "{\"name\":\"second\",\"scopes\":[\"jobs:read\"]}",
                    "Authorization",
                    "Api-Key " + first)
                .body());
    platforms.end(name);

    await()
        .atMost(WITHIN)
        .until(
            () ->
                withKey(second.required("secret").asString(), "/api/v1/jobs").statusCode() == 401);
  }

  /** A key that has been issued and not yet committed when the platform ends. */
  @Test
  void a_key_that_is_issued_while_the_platform_ends_ends_as_well() throws Exception {
    var first = key("ada", "[\"keys:write\"]").required("key").required("id").asString();
    var second = ApiKeyFormat.generate(Environment.LIVE).keyId();
    try (var connection = owner();
        var statement = connection.createStatement();
        var threads = Executors.newSingleThreadExecutor()) {
      connection.setAutoCommit(false);
      statement.execute(
          "select 1 from accounts.api_keys where key_id = '%s' for update".formatted(first));
      statement.execute(
          """
          insert into accounts.api_keys (user_id, key_id, kind, environment, name, hash, hash_scheme, pepper_id,
            scopes, networks, created_by, created_at, version, platform_id)
          select user_id, '%s', kind, environment, name, hash, hash_scheme, pepper_id,
            scopes, networks, created_by, created_at, version, platform_id
          from accounts.api_keys where key_id = '%s'
          """
              .formatted(second, first));
      var end = threads.submit(() -> platforms.end(name));
      await().until(() -> number("select count(*) from pg_locks where not granted") == 1);
      connection.commit();
      end.get();
    }

    assertThat(
            number(
                "select count(*) from accounts.api_keys where key_id in ('%s', '%s') and revoked_at is not null"
                    .formatted(first, second)))
        .isEqualTo(2);
  }

  private static Connection owner() throws SQLException {
    var login = DATABASE.roles().owner();
    return DriverManager.getConnection(DATABASE.url(), login.name(), login.password());
  }

  @Test
  void tokens_of_a_platform_are_not_revoked_one_by_one_and_nobody_is_told_otherwise()
      throws Exception {
    var answer = shop.ask("/oauth2/revoke", Map.of("token", shop.token()));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("unsupported_token_type");
  }

  @Test
  void a_new_job_brings_a_token_that_reads_it_and_nothing_else() throws Exception {
    var job = submit("ada");
    var other = submit("ada");
    var watch = watchToken("ada", job);

    assertThat(shop.call(watch, "GET", "/api/v1/jobs/" + job, "").statusCode()).isEqualTo(200);
    assertThat(shop.call(watch, "GET", "/api/v1/jobs/" + other, "").statusCode()).isEqualTo(403);
    assertThat(shop.call(watch, "GET", "/api/v1/jobs", "").statusCode()).isEqualTo(403);
    assertThat(shop.call(watch, "POST", "/api/v1/jobs/" + job + "/cancellation", "").statusCode())
        .isEqualTo(403);
    assertThat(shop.call(watch, "POST", "/api/v1/jobs/" + job + "/watch-tokens", "").statusCode())
        .isEqualTo(403);
    assertThat(shop.call(watch, "GET", "/api/v1/users", "").statusCode()).isEqualTo(403);
    assertThat(
            shop.call(
                    watch.substring(0, watch.length() - 2) + "AA", "GET", "/api/v1/jobs/" + job, "")
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void a_watch_token_works_from_the_pages_that_the_platform_names() throws Exception {
    var job = submit("ada");
    var watch = watchToken("ada", job);
    var address = "/api/v1/jobs/" + job;

    assertThat(
            http(
                    "GET",
                    address,
                    "",
                    "Authorization",
                    "Bearer " + watch,
                    "Origin",
                    "https://shop.example")
                .statusCode())
        .isEqualTo(200);
    assertThat(
            http(
                    "GET",
                    address,
                    "",
                    "Authorization",
                    "Bearer " + watch,
                    "Origin",
                    "https://evil.example")
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void only_those_who_may_read_a_job_get_a_token_for_it() throws Exception {
    var job = submit("ada");
    var stranger = signUp();

    assertThat(stranger.post("/api/v1/jobs/" + job + "/watch-tokens", new byte[0]).statusCode())
        .isEqualTo(404);
    assertThat(
            shop.callFor("ada", "POST", "/api/v1/jobs/" + job + "/watch-tokens", "").statusCode())
        .isEqualTo(201);
  }

  private boolean isGenuine(String receipt) throws Exception {
    return Backend.json(
            http("POST", "/receipts/check", receipt, "Content-Type", "application/json"))
        .required("genuine")
        .asBoolean();
  }

  private String id(String externalId) throws Exception {
    return Backend.json(shop.call("GET", "/api/v1/users/" + externalId, ""))
        .required("user_id")
        .asString();
  }

  private String submit(String externalId) throws Exception {
    return Backend.json(shop.callFor(externalId, "POST", "/api/v1/jobs", JOB))
        .required("id")
        .asString();
  }

  private String watchToken(String externalId, String job) throws Exception {
    var path = "/api/v1/jobs/" + job + "/watch-tokens";
    return Backend.json(shop.callFor(externalId, "POST", path, "")).required("token").asString();
  }

  private JsonNode key(String externalId, String scopes) throws Exception {
    var body = "{\"name\":\"a key\",\"scopes\":%s}".formatted(scopes);
    var answer = shop.callFor(externalId, "POST", "/api/v1/keys", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Backend.json(answer);
  }

  private HttpResponse<String> withKey(String key, String path) throws Exception {
    return http("GET", path, "", "Authorization", "Api-Key " + key);
  }

  private HttpResponse<String> http(String method, String path, String body, String... headers)
      throws Exception {
    var request = HttpRequest.newBuilder(URI.create(site() + path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    request.method(method, BodyPublishers.ofString(body));
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }
}
