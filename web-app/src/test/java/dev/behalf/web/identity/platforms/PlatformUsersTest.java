package dev.behalf.web.identity.platforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.StrictJson;
import dev.behalf.server.security.Scope;
import dev.behalf.web.WebAppTest;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What a platform does with its own users. */
class PlatformUsersTest extends WebAppTest {

  @Autowired private Platforms platforms;

  private String name;
  private Backend shop;

  @BeforeEach
  void aPlatform() {
    name = newName();
    shop = backend(name, Scope.OF_PLATFORMS);
  }

  private static String newName() {
    return "p" + UUID.randomUUID().toString().substring(0, 18);
  }

  private Backend backend(String platform, Set<Scope> scopes) {
    return new Backend(site(), platforms.create(new NewPlatform(platform, scopes, List.of())));
  }

  @Test
  void creates_a_user_who_can_do_everything_but_sign_in() throws Exception {
    var created =
        shop.call(
            "PUT",
            "/api/v1/users/customer-17",
            """
            {"name":"Ada Lovelace","email":"ada@shop.example","quota":{"live":500},
             "permissions":["large-models"],"metadata":{"plan":"gold"}}
            """);

    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(created.headers().firstValue("Location")).contains("/api/v1/users/customer-17");
    var user = Backend.json(created);
    assertThat(user.required("name").asString()).isEqualTo("Ada Lovelace");
    assertThat(user.required("quota").required("live").asLong()).isEqualTo(500);
    assertThat(user.required("permissions").get(0).asString()).isEqualTo("large-models");
    assertThat(user.required("metadata").required("plan").asString()).isEqualTo("gold");
    var id = user.required("user_id").asString();
    assertThat(
            number(
                "select count(*) from accounts.api_keys where kind = 'managed' and user_id = '"
                    + id
                    + "'"))
        .isEqualTo(2);
    assertThat(
            text(
                "select coalesce(email, '-') || coalesce(password_hash, '-') from accounts.users where id = '"
                    + id
                    + "'"))
        .isEqualTo("--");
    assertThat(read("customer-17")).isEqualTo(user);
  }

  @Test
  void a_repeated_request_changes_nothing_more() throws Exception {
    var body = "{\"name\":\"Bo\",\"quota\":{\"test\":7},\"metadata\":{\"a\":\"b\"}}";
    var first = shop.call("PUT", "/api/v1/users/bo", body);
    var again = shop.call("PUT", "/api/v1/users/bo", body);

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(deeds("bo")).containsExactly("user.created");
  }

  @Test
  void what_is_left_out_stays_and_an_empty_value_clears() throws Exception {
    shop.call("PUT", "/api/v1/users/eve", "{\"name\":\"Eve\",\"email\":\"eve@shop.example\"}");
    shop.call("PUT", "/api/v1/users/eve", "{\"email\":\"\"}");

    assertThat(read("eve").required("name").asString()).isEqualTo("Eve");
    assertThat(read("eve").required("email").asString()).isEmpty();
    assertThat(deeds("eve")).containsExactly("user.created", "user.changed");
  }

  @Test
  void each_act_stands_in_the_activity_of_the_user_and_in_the_operators_audit_log()
      throws Exception {
    shop.call("PUT", "/api/v1/users/mia", "{}");
    shop.call("POST", "/api/v1/users/mia/disablement", "");
    shop.call("DELETE", "/api/v1/users/mia/disablement", "");
    var id = read("mia").required("user_id").asString();
    shop.call("DELETE", "/api/v1/users/mia", "");

    assertThat(
            text(
                "select string_agg(action, ' ' order by id) from ops.audit_log where operator = 'platform "
                    + name
                    + "' and about = '"
                    + id
                    + "'"))
        .isEqualTo("user.created account.disabled account.enabled account.deleted");
  }

  @Test
  void an_address_links_no_accounts() throws Exception {
    var person = signUp();
    shop.call("PUT", "/api/v1/users/x", "{\"email\":\"%s\"}".formatted(person.email()));

    assertThat(read("x").required("user_id").asString()).isNotEqualTo(userId(person).toString());
    assertThat(person.page("/home").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "ä", "a%2Fb", "..", "%2e%2e", "a;b", "%00"})
  void an_external_id_of_other_characters_is_refused(String id) throws Exception {
    assertThat(
            shop.call("PUT", "/api/v1/users/" + id.replace(" ", "%20").replace("ä", "%C3%A4"), "{}")
                .statusCode())
        .isIn(400, 403, 404, 405, 422);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "auth0|5f7c", "user@shop.example", "urn:x:1", "~me", "...", "A-._~:@|9"})
  void an_external_id_may_be_what_sign_in_services_hand_out(String id) throws Exception {
    var path = "/api/v1/users/" + id.replace("|", "%7C");

    assertThat(shop.call("PUT", path, "{}").statusCode()).isEqualTo(201);
    assertThat(Backend.json(shop.call("GET", path, "")).required("external_id").asString())
        .isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"quota\":{\"live\":-1}}",
        "{\"permissions\":[\"Not One\"]}",
        "{\"metadata\":{\"a\":1}}",
        "{\"metadata\":{\"a\":null}}",
        "{\"permissions\":[null]}",
        "{\"unknown\":1}",
        "{\"name\":\"a\\u0000b\"}",
        "null"
      })
  void what_cannot_be_is_refused_and_creates_nobody(String body) throws Exception {
    assertThat(shop.call("PUT", "/api/v1/users/bad", body).statusCode()).isIn(400, 422);
    assertThat(shop.call("GET", "/api/v1/users/bad", "").statusCode()).isEqualTo(404);
  }

  @Test
  void metadata_is_bounded_in_bytes_as_it_is_stored() throws Exception {
    var fits = "{\"metadata\":{\"k\":\"%s\"}}".formatted("x".repeat(1024 - 8));
    var tooLong = "{\"metadata\":{\"k\":\"%s\"}}".formatted("é".repeat(600));

    assertThat(shop.call("PUT", "/api/v1/users/m", fits).statusCode()).isEqualTo(201);
    assertThat(shop.call("PUT", "/api/v1/users/m", tooLong).statusCode()).isEqualTo(422);
  }

  @Test
  void another_platforms_users_are_not_found_and_an_id_is_each_ones_own() throws Exception {
    var other = backend(newName(), Scope.OF_PLATFORMS);
    shop.call("PUT", "/api/v1/users/same", "{\"name\":\"ours\"}");

    for (var route :
        List.of(
            "GET /api/v1/users/same",
            "DELETE /api/v1/users/same",
            "POST /api/v1/users/same/disablement",
            "DELETE /api/v1/users/same/disablement")) {
      var parts = route.split(" ", -1);
      assertThat(other.call(parts[0], parts[1], "").statusCode()).as(route).isEqualTo(404);
    }
    assertThat(other.call("PUT", "/api/v1/users/same", "{\"name\":\"theirs\"}").statusCode())
        .isEqualTo(201);
    assertThat(read("same").required("name").asString()).isEqualTo("ours");
  }

  @Test
  void a_scope_that_is_missing_is_named() throws Exception {
    var reader = backend(newName(), EnumSet.of(Scope.USERS_READ, Scope.USERS_WRITE));

    assertThat(reader.call("PUT", "/api/v1/users/a", "{\"quota\":{\"live\":9}}").statusCode())
        .isEqualTo(403);
    assertThat(reader.call("PUT", "/api/v1/users/a", "{}").statusCode()).isEqualTo(201);
    assertThat(reader.call(reader.token("users:read"), "PUT", "/api/v1/users/a", "{}").statusCode())
        .isEqualTo(403);
    assertThat(reader.callFor("a", "GET", "/api/v1/jobs", "").statusCode()).isEqualTo(403);
  }

  @Test
  void a_disabled_user_waits_until_the_platform_enables_the_user() throws Exception {
    shop.call("PUT", "/api/v1/users/d", "{}");
    var job = submit("d");
    var disabled = Backend.json(shop.call("POST", "/api/v1/users/d/disablement", ""));

    assertThat(disabled.required("disabled_by").asString()).isEqualTo("platform");
    await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> shop.callFor("d", "GET", "/api/v1/jobs", "").statusCode() == 403);
    shop.call("DELETE", "/api/v1/users/d/disablement", "");
    await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> shop.callFor("d", "GET", "/api/v1/jobs/" + job, "").statusCode() == 200);
    assertThat(number("select count(*) from jobs.pauses where user_id = '" + id("d") + "'"))
        .isZero();
  }

  @Test
  void what_an_operator_has_disabled_no_platform_enables() throws Exception {
    shop.call("PUT", "/api/v1/users/o", "{}");
    shop.call("POST", "/api/v1/users/o/disablement", "");
    sql("update accounts.users set disabled_by = 'operator' where id = '" + id("o") + "'");

    assertThat(shop.call("DELETE", "/api/v1/users/o/disablement", "").statusCode()).isEqualTo(403);
    assertThat(shop.call("DELETE", "/api/v1/users/o", "").statusCode()).isEqualTo(403);
    assertThat(read("o").required("disabled_by").asString()).isEqualTo("operator");
  }

  @Test
  void a_deleted_user_is_gone_with_everything() throws Exception {
    shop.call("PUT", "/api/v1/users/gone", "{}");
    submit("gone");
    var id = id("gone");

    assertThat(shop.call("DELETE", "/api/v1/users/gone", "").statusCode()).isEqualTo(204);
    assertThat(shop.call("GET", "/api/v1/users/gone", "").statusCode()).isEqualTo(404);
    assertThat(number("select count(*) from jobs.jobs where user_id = '" + id + "'")).isZero();
    assertThat(number("select count(*) from accounts.users where id = '" + id + "'")).isZero();
    assertThat(shop.call("PUT", "/api/v1/users/gone", "{}").statusCode()).isEqualTo(201);
  }

  @Test
  void a_list_goes_on_at_its_cursor() throws Exception {
    for (var id : List.of("c", "a", "B", "b")) {
      shop.call("PUT", "/api/v1/users/" + id, "{}");
    }
    var first = Backend.json(shop.call("GET", "/api/v1/users?limit=3", ""));
    var rest =
        Backend.json(
            shop.call("GET", "/api/v1/users?cursor=" + first.required("next").asString(), ""));

    assertThat(ids(first)).containsExactly("B", "a", "b");
    assertThat(ids(rest)).containsExactly("c");
    assertThat(rest.has("next")).isFalse();
  }

  @Test
  void requests_at_the_same_time_create_one_user() throws Exception {
    try (var threads = Executors.newFixedThreadPool(8)) {
      var answers =
          threads.invokeAll(
              IntStream.range(0, 8)
                  .<java.util.concurrent.Callable<Integer>>mapToObj(
                      i -> () -> shop.call("PUT", "/api/v1/users/one", "{}").statusCode())
                  .toList());
      var statuses = answers.stream().map(java.util.concurrent.Future::resultNow).sorted().toList();
      assertThat(statuses).startsWith(200).endsWith(201).containsOnlyOnce(201);
    }
  }

  @Test
  void many_users_are_created_from_lines_and_a_bad_line_stays_alone() throws Exception {
    var lines =
        IntStream.range(0, 250)
            .mapToObj(
                i ->
                    switch (i) {
                      case 10 -> "{\"external_id\":\"n o\"}";
                      case 20 -> "not json";
                      case 30 -> "";
                      default -> "{\"external_id\":\"u-%03d\",\"name\":\"Ü %d\"}".formatted(i, i);
                    })
            .collect(Collectors.joining("\n"));
    var answer = imported(lines);

    assertThat(answer).hasSize(249);
    assertThat(answer.get(0).required("outcome").asString()).isEqualTo("created");
    assertThat(answer.get(10).required("field").asString()).isEqualTo("external_id");
    assertThat(answer.get(20).required("code").asString()).isEqualTo("json_malformed");
    assertThat(answer.get(30).required("line").asInt()).isEqualTo(32);
    assertThat(answer.stream().filter(one -> one.required("outcome").asString().equals("created")))
        .hasSize(247);
    assertThat(read("u-249").required("name").asString()).isEqualTo("Ü 249");
    assertThat(imported(lines).get(0).required("outcome").asString()).isEqualTo("unchanged");
  }

  @Test
  void too_many_lines_are_refused_before_any_is_tried() throws Exception {
    assertThat(send("{\"external_id\":\"x\"}\n".repeat(10_001)).statusCode()).isEqualTo(413);
    assertThat(send("x\n".repeat(4 * 1024 * 1024)).statusCode()).isEqualTo(413);
    assertThat(shop.call("GET", "/api/v1/users/x", "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "application/x-ndjson,application/x-ndjson,200",
    "application/x-ndjson,*/*,200",
    "application/x-ndjson,application/json,406",
    "application/json,*/*,415"
  })
  void an_import_has_a_type_of_its_own(String type, String accept, int status) throws Exception {
    var answer =
        shop.call(
            shop.token(),
            "POST",
            "/api/v1/users",
            "{\"external_id\":\"x\"}",
            "Content-Type",
            type,
            "Accept",
            accept);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(status == 200 ? "created" : "application/x-ndjson");
  }

  private java.net.http.HttpResponse<String> send(String lines) throws Exception {
    return shop.call(
        shop.token(), "POST", "/api/v1/users", lines, "Content-Type", "application/x-ndjson");
  }

  private List<JsonNode> imported(String lines) throws Exception {
    var answer = send(lines);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().lines().map(StrictJson.MAPPER::readTree).toList();
  }

  private static List<String> ids(JsonNode list) {
    return list.required("users")
        .valueStream()
        .map(one -> one.required("external_id").asString())
        .toList();
  }

  private JsonNode read(String externalId) throws Exception {
    return Backend.json(shop.call("GET", "/api/v1/users/" + externalId, ""));
  }

  private String id(String externalId) throws Exception {
    return read(externalId).required("user_id").asString();
  }

  private String submit(String externalId) throws Exception {
    var answer =
        shop.callFor(
            externalId,
            "POST",
            "/api/v1/jobs",
            "{\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"}}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return Backend.json(answer).required("id").asString();
  }

  private List<String> deeds(String externalId) throws Exception {
    return List.of(
        text("select string_agg(action, ' ' order by id) from accounts.audit_log where user_id = '"
                + id(externalId)
                + "' and actor = 'platform "
                + name
                + "'")
            .split(" ", -1));
  }
}
