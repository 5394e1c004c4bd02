package dev.behalf.web.identity.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** A developer sees what became of each request with a key. */
@TestPropertySource(properties = "behalf.requests-per-minute=40")
class RequestLogTest extends WebAppTest {

  @Autowired private KeyRequests requests;

  private Person ada;
  private UUID userId;
  private String key;
  private String id;
  private Api api;

  @BeforeEach
  void somebodyWithAKey() throws Exception {
    ada = signUp();
    userId = userId(ada);
    key = issue("\"scopes\":[\"jobs:read\",\"jobs:write\"]");
    id = ApiKeyFormat.parse(key).orElseThrow().keyId();
    api = Api.withKey(site(), key);
  }

  @Test
  void has_accepted_and_refused_requests_with_route_status_and_problem() throws Exception {
    api.get("/api/v1/jobs?q=state:failed");
    api.post("/api/v1/jobs", "{\"payload\":{\"operation\":\"echo\",\"text\":\"hello\"}}");
    api.get("/api/v1/keys");
    api.get("/api/v1/jobs/" + UUID.randomUUID());
    api.get("/api/v1/nothing/" + UUID.randomUUID());
    await().until(() -> api.get("/api/v1/me").statusCode() == 429);

    await().until(() -> log().contains("GET /api/v1/me 429 rate_limited"));
    assertThat(log())
        .contains(
            "GET /api/v1/jobs 200 -",
            "POST /api/v1/jobs 202 -",
            "GET /api/v1/keys 403 scope_missing",
            "GET /api/v1/jobs/{id} 404 not_found",
            "GET - 404 not_found",
            "GET /api/v1/me 200 -");
    assertThat(
            number(
                "select count(*) from accounts.key_requests where key_id = '%s' and address = '127.0.0.1' and duration_ms >= 0"
                    .formatted(id)))
        .isEqualTo(log().size());
  }

  @Test
  void has_requests_with_a_key_that_no_longer_works_or_comes_from_elsewhere() throws Exception {
    ada.post("/api/v1/keys/" + id + "/revocation", new byte[0]);
    var elsewhere = issue("\"scopes\":[\"jobs:read\"],\"networks\":[\"192.0.2.0/24\"]");

    await().until(() -> api.get("/api/v1/jobs").statusCode() == 401);
    Api.withKey(site(), elsewhere).get("/api/v1/jobs");

    await().until(() -> log().contains("GET /api/v1/jobs 401 key_invalid"));
    var other = ApiKeyFormat.parse(elsewhere).orElseThrow().keyId();
    await().until(() -> log(other).contains("GET /api/v1/jobs 403 address_refused"));
  }

  @Test
  void has_a_stream_once_it_has_ended() throws Exception {
    var job =
        Api.json(
                api.post(
                    "/api/v1/jobs", "{\"payload\":{\"operation\":\"echo\",\"text\":\"hello\"}}"))
            .required("id")
            .asString();
    api.post("/api/v1/jobs/" + job + "/cancellation", "");

    api.get("/api/v1/jobs/" + job + "/events");

    await().until(() -> log().contains("GET /api/v1/jobs/{id}/events 200 -"));
  }

  @Test
  void never_holds_the_secret_or_a_wrong_one() throws Exception {
    var secret = ApiKeyFormat.parse(key).orElseThrow().secret();
    api.post("/api/v1/jobs?key=" + key, "{\"payload\":\"" + key + "\"}");
    var wrong = ApiKeyFormat.generate(ApiKeyFormat.parse(key).orElseThrow().environment());
    Api.withKey(site(), wrong.reveal()).get("/api/v1/jobs");
    api.get("/api/v1/jobs");

    await().until(() -> log().contains("GET /api/v1/jobs 200 -"));
    assertThat(
            number(
                "select count(*) from accounts.key_requests r where r::text like '%%%s%%'"
                    .formatted(secret)))
        .isZero();
    assertThat(
            number(
                "select count(*) from accounts.key_requests where key_id = '%s'"
                    .formatted(wrong.keyId())))
        .isZero();
  }

  @Test
  void is_read_by_page_and_api_in_pages_and_by_status() throws Exception {
    insert(120, 404, "now()");
    insert(3, 200, "now()");
    var path = "/api/v1/keys/" + id + "/requests";

    assertThat(ada.page("/keys/" + id).body()).contains("Request log", "View all requests");
    var first = ada.page("/keys/" + id + "/requests").body();
    assertThat(first).contains("rel=\"next\"", "/api/v1/jobs/{id}", "127.0.0.1");
    assertThat(ada.page("/keys/" + id + "/requests?status=2xx").body())
        .doesNotContain("rel=\"next\"", "not_found");
    assertThat(ada.page("/keys/" + id + "/requests?status=5xx").body())
        .contains("No requests to show.")
        .doesNotContain("<table");

    var seen = new ArrayList<Long>();
    var page = Api.json(ada.page(path + "?status=4xx"));
    page.required("requests").forEach(one -> seen.add(one.required("id").asLong()));
    while (page.has("next")) {
      page = Api.json(ada.page(path + "?status=4xx&cursor=" + page.required("next").asLong()));
      page.required("requests").forEach(one -> seen.add(one.required("id").asLong()));
    }
    assertThat(seen).hasSize(120).doesNotHaveDuplicates();
    assertThat(seen).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    assertThat(ada.page(path + "?status=teapot").statusCode()).isEqualTo(422);
  }

  @Test
  void of_another_user_is_not_found() throws Exception {
    insert(1, 200, "now()");
    var eve = signUp();

    assertThat(eve.page("/keys/" + id + "/requests").statusCode()).isEqualTo(404);
    assertThat(eve.page("/api/v1/keys/" + id + "/requests").statusCode()).isEqualTo(404);
  }

  @Test
  void ends_after_seven_days_and_with_the_account() throws Exception {
    insert(1_500, 200, "now() - interval '8 days'");
    insert(2, 200, "now() - interval '6 days'");

    requests.removeOld();
    assertThat(count()).isEqualTo(2);

    sql("delete from accounts.users where id = '" + userId + "'");
    assertThat(count()).isZero();
  }

  @Test
  void a_burst_with_one_key_is_cut_and_counted_and_pushes_out_no_other_key() {
    var published = new ArrayList<Object>();
    var writer = new RequestWriter(requests, published::add);
    for (int i = 0; i < RequestBuffer.MAX_OF_KEY + 5; i++) {
      writer.add(finished(userId));
    }

    writer.write();

    assertThat(published).containsExactly(new RequestsDropped(5));
    assertThat(count()).isEqualTo(RequestBuffer.MAX_OF_KEY);
  }

  @Test
  void a_user_whose_row_is_locked_is_written_later_and_counted_if_it_stays_so() {
    var published = new ArrayList<Object>();
    var writer = new RequestWriter(requests, published::add);
    writer.add(finished(UUID.randomUUID()));
    writer.add(finished(userId));

    writer.write();
    assertThat(count()).isEqualTo(1);
    assertThat(published).isEmpty();
    writer.write();

    assertThat(published).containsExactly(new RequestsDropped(1));
  }

  @Test
  void a_user_who_is_gone_stops_nobody_elses_log() {
    requests.write(List.of(finished(UUID.randomUUID()), finished(userId)));

    assertThat(count()).isEqualTo(1);
  }

  @Test
  void keeps_the_newest_of_a_key() {
    insert(30, 200, "now()");
    insert(5, 404, "now()");

    requests.removeBeyond(userId, id, 10);

    assertThat(requests.list(userId, id, null, null, 100))
        .extracting(LoggedRequest::status)
        .containsExactly(404, 404, 404, 404, 404, 200, 200, 200, 200, 200);
  }

  private FinishedRequest finished(UUID user) {
    return new FinishedRequest(
        user, id, Instant.parse("2026-11-27T12:00:00Z"), "GET", null, 200, null, 1, "::1");
  }

  private String issue(String properties) throws Exception {
    return Api.json(
            ada.post(
                "/api/v1/keys",
                "{\"name\":\"a key\",\"environment\":\"live\",%s}"
                    .formatted(properties)
                    .getBytes(StandardCharsets.UTF_8)))
        .required("secret")
        .asString();
  }

  private List<String> log() {
    return log(id);
  }

  /** Each request as method, route, status and code. */
  private static List<String> log(String key) {
    var lines =
        text(
            """
            select coalesce(string_agg(method || ' ' || coalesce(route, '-') || ' ' || status || ' ' || coalesce(code, '-'), ','), '')
            from accounts.key_requests where key_id = '%s'
            """
                .formatted(key));
    return lines.isEmpty() ? List.of() : List.of(lines.split(","));
  }

  private long count() {
    return number("select count(*) from accounts.key_requests where key_id = '" + id + "'");
  }

  private void insert(int count, int status, String at) {
    sql(
        """
        insert into accounts.key_requests (user_id, key_id, at, method, route, status, code, duration_ms, address)
        select '%s', '%s', %s, 'GET', '/api/v1/jobs/{id}', %d, %s, 3, '127.0.0.1' from generate_series(1, %d)
        """
            .formatted(userId(ada), id, at, status, status < 400 ? "null" : "'not_found'", count));
  }
}
