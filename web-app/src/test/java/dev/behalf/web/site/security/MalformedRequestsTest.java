package dev.behalf.web.site.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.RawHttp;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be read or stored is said to whoever has sent it: never an error of ours. */
class MalformedRequestsTest extends WebAppTest {

  private static final String ECHO = "{\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"}}";
  private static final String FORM = "application/x-www-form-urlencoded";

  @Test
  void a_browser_may_name_any_number_of_languages() throws Exception {
    var many = "de-DE," + "en-GB;q=0.9,fr;q=0.8,".repeat(200) + "it";

    assertThat(get("/signin", "Accept-Language", many).status()).isEqualTo(200);
    assertThat(get("/api/v1/leaked-keys/shape", "Accept-Language", many).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Übersetzer/1.0", "iPhone Xʀ", "浏览器", "👩‍🚀"})
  void octets_above_127_in_a_header_are_opaque(String agent) throws Exception {
    var key = key(signUp());

    var answer =
        RawHttp.request(site(), "GET", "/api/v1/me")
            .header("Authorization", "Api-Key " + key)
            .header("User-Agent", agent)
            .send();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(get("/signin", "Last-Event-ID", agent).status()).isEqualTo(200);
  }

  @Test
  void a_browser_of_another_script_is_named_as_it_names_itself() throws Exception {
    var ada = signUp();

    var answer =
        RawHttp.request(site(), "POST", "/api/v1/leaked-keys")
            .header("User-Agent", "浏览器")
            .body("application/json", report(key(ada), "https://x/\\u0000"))
            .send();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(
            text(
                "select user_agent from accounts.audit_log where action = 'key.leak_reported' and user_id = '%s'"
                    .formatted(userId(ada))))
        .isEqualTo("浏览器");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/signin?x=%E9", "/signin?x=%00", "/signin?%ED%A0%80=x", "/jobs?q=code:%00"})
  void a_parameter_that_is_no_text_is_refused_with_a_page(String target) throws Exception {
    var answer = get(target, "Accept-Language", "zh-CN");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("<html").contains("无法");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "q=code:%00",
        "q=key:%00",
        "q=%E9",
        "limit=%00",
        "cursor=%ED%A0%80",
        "q=since:%2B999999999-12-31T23:59:59Z",
        "q=until:-999999999-01-01T00:00:00Z"
      })
  void a_parameter_that_is_no_text_is_refused_with_a_problem(String query) throws Exception {
    var answer =
        RawHttp.request(site(), "GET", "/api/v1/jobs?" + query)
            .header("Authorization", "Api-Key " + key(signUp()))
            .send();

    assertThat(answer.status()).isIn(400, 422);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void numbers_outside_are_brought_inside() throws Exception {
    var api = Api.withKey(site(), key(signUp()));

    assertThat(api.get("/api/v1/jobs?limit=99999999999").statusCode()).isEqualTo(200);
    assertThat(api.get("/api/v1/jobs?limit=-99999999999").statusCode()).isEqualTo(200);
    assertThat(api.get("/api/v1/jobs?limit=2.9").statusCode()).isEqualTo(422);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "a\0b", "not an id", "\uD83D\uDE00"})
  void a_cookie_that_holds_no_id_of_ours_is_no_session(String value) throws Exception {
    var cookie = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));

    assertThat(get("/signin", "Cookie", "behalf=" + cookie).status()).isEqualTo(200);
    assertThat(get("/home", "Cookie", "behalf=" + cookie).status()).isEqualTo(302);
  }

  @Test
  void signing_in_with_what_is_no_text_is_refused() throws Exception {
    for (var body :
        new String[] {"email=%00&password=x", "email=%E9&password=x", "email=x&password=%00"}) {
      var answer = RawHttp.request(site(), "POST", "/signin").body(FORM, body).send();
      assertThat(answer.status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"\\ud800\",\"environment\":\"live\",\"scopes\":[\"jobs:read\"]}",
        "{\"name\":\"\\u0000\",\"environment\":\"live\",\"scopes\":[\"jobs:read\"]}",
        "{\"\\udc00\":1}"
      })
  void a_body_that_cannot_be_stored_is_not_utf8(String body) throws Exception {
    var answer = signUp().post("/api/v1/keys", body.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Api.json(answer).required("code").asString()).isEqualTo("not_utf8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          +294277-01-01T00:00:00Z | 422
          -000001-01-01T00:00:00Z | 422
          1795635925              | 400
          tomorrow                | 400
          """)
  void a_time_is_one_that_can_be_kept(String time, int status) throws Exception {
    var body =
        "{\"name\":\"k\",\"environment\":\"live\",\"scopes\":[\"jobs:read\"],\"expires_at\":\"%s\"}"
            .formatted(time);

    var answer = signUp().post("/api/v1/keys", body.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(Api.json(answer).required("field").asString()).isEqualTo("expires_at");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"payload\":{\"operation\":\"echo\",\"text\":\"x\"},\"not_before\":\"1795635925\"}",
        "{\"payload\":{\"operation\":\"echo\",\"text\":\"x\"},\"not_before\":1795635925}",
        "{\"payload\":{\"operation\":\"echo\",\"text\":\"x\"},\"not_before\":1795635925.5}",
        "{\"payload\":{\"operation\":\"echo\",\"text\":\"x\"},\"not_before\":1e9}"
      })
  void a_value_of_another_kind_is_not_taken_for_one(String body) throws Exception {
    var ada = signUp();

    var answer = ada.post("/api/v1/jobs", body.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Api.json(answer).required("code").asString()).isEqualTo("json_malformed");
    assertThat(ada.jobs()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"payload\":{\"operation\":\"keywords\",\"text\":\"The parcel was late\",\"limit\":2.9}}",
        "{\"payload\":{\"operation\":\"keywords\",\"text\":\"The parcel was late\",\"limit\":\"2\"}}",
        "{\"payload\":{\"operation\":\"keywords\",\"text\":\"x\",\"limit\":1e999}}",
        "{\"payload\":{\"operation\":\"echo\",\"text\":2}}"
      })
  void a_value_that_the_schema_does_not_allow_is_named_by_its_pointer(String body)
      throws Exception {
    var ada = signUp();

    var answer = Api.json(ada.post("/api/v1/jobs", body.getBytes(StandardCharsets.UTF_8)));

    assertThat(answer.required("code").asString()).isEqualTo("payload_invalid");
    assertThat(answer.at("/errors/0/pointer").asString())
        .isEqualTo("/" + answer.required("field").asString());
    assertThat(ada.jobs()).isEmpty();
  }

  @Test
  void a_leak_is_noted_whatever_stands_beside_it() throws Exception {
    for (var url : new String[] {"https://x/\\u0000", "https://x/\\ud800"}) {
      var ada = signUp();

      var answer = new Api(site(), "").post("/api/v1/leaked-keys", report(key(ada), url));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("true_positive");
      assertThat(
              text(
                  "select leak_source from accounts.api_keys where kind = 'personal' and user_id = '"
                      + userId(ada)
                      + "'"))
          .isEqualTo("https://x/\uFFFD");
    }
  }

  @ParameterizedTest
  @CsvSource({"Authorization,Api-Key x", "Idempotency-Key,b"})
  void a_header_that_may_stand_once_is_refused_twice(String name, String second) throws Exception {
    var answer =
        RawHttp.request(site(), "POST", "/api/v1/jobs")
            .header("Authorization", "Api-Key " + key(signUp()))
            .header("Idempotency-Key", "a")
            .header(name, second)
            .body("application/json", ECHO)
            .send();

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("Send the header " + name + " once.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"", "", "a b", "ü"})
  void an_empty_or_strange_idempotency_key_is_refused(String idempotencyKey) throws Exception {
    var answer =
        RawHttp.request(site(), "POST", "/api/v1/jobs")
            .header("Authorization", "Api-Key " + key(signUp()))
            .header("Idempotency-Key", idempotencyKey)
            .body("application/json", ECHO)
            .send();

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("idempotency_key_invalid");
  }

  @Test
  void a_body_of_another_kind_is_said_to_be_one() throws Exception {
    var key = key(signUp());
    var parts = post(key, "multipart/form-data; boundary=x", "Content-Language", "en");
    var compressed = post(key, "application/json", "Content-Encoding", "gzip");

    assertThat(parts.status()).isEqualTo(415);
    assertThat(compressed.status()).isEqualTo(415);
    assertThat(compressed.header("Accept-Encoding")).isEqualTo("identity");
    assertThat(post(key, FORM, "Content-Encoding", "identity").status()).isEqualTo(202);
  }

  @Test
  void a_page_of_another_site_is_told_that_an_answer_is_a_replay() throws Exception {
    var answer =
        RawHttp.request(site(), "POST", "/api/v1/jobs")
            .header("Authorization", "Api-Key " + key(signUp()))
            .header("Origin", "https://spa.example")
            .body("application/json", ECHO)
            .send();

    assertThat(answer.header("Access-Control-Expose-Headers")).contains("Idempotent-Replayed");
    assertThat(
            RawHttp.request(site(), "OPTIONS", "/api/v1/jobs")
                .header("Origin", "https://spa.example")
                .header("Access-Control-Request-Method", "HEAD")
                .send()
                .status())
        .isEqualTo(200);
  }

  @Test
  void a_body_of_exactly_the_limit_is_refused_at_once_or_computed() throws Exception {
    var labels = IntStream.range(0, 100).mapToObj(i -> "l" + i).toList();
    var examples = Collections.nCopies(2, "a".repeat(1_990));
    var payload =
        Map.of(
            "operation",
            "classify",
            "text",
            "hi",
            "labels",
            labels,
            "examples",
            labels.stream().collect(Collectors.toMap(label -> label, label -> examples)));
    var full = new String(StrictJson.write(Map.of("payload", payload)), StandardCharsets.UTF_8);
    var padded = full + " ".repeat(512 * 1024 - full.length());

    var answer = signUp().post("/api/v1/jobs", padded.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.statusCode()).isEqualTo(202);
  }

  @Test
  void a_form_that_is_too_large_says_so() throws Exception {
    var ada = signUp();

    var pasted = ada.form("/jobs", Map.of("operation", "echo", "text", "x".repeat(3_000_000)));

    assertThat(pasted.statusCode()).isEqualTo(413);
    assertThat(pasted.body()).contains("<html").contains("2 MB");
  }

  @Test
  void files_that_are_too_many_too_long_or_not_there_say_so() throws Exception {
    var ada = signUp();
    var many = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      many.append(part("name=\"x" + i + "\"", "v"));
    }

    assertThat(upload(ada, "/batches", many.toString()).statusCode()).isEqualTo(413);
    assertThat(
            upload(
                    ada,
                    "/batches",
                    part(
                        "name=\"file\"; filename=\"" + "n".repeat(2_000) + "\"",
                        "{\"operation\":\"echo\",\"text\":\"x\"}"))
                .statusCode())
        .isEqualTo(200);
    assertThat(upload(ada, "/batches", part("name=\"other\"", "x")).statusCode()).isEqualTo(422);
    assertThat(upload(ada, "/jobs", part("name=\"file\"", "x")).statusCode()).isEqualTo(415);
    assertThat(upload(ada, "/batches", "no part at all").statusCode()).isIn(400, 422);
  }

  @Test
  void files_without_a_credential_are_not_read() throws Exception {
    var answer =
        RawHttp.request(site(), "POST", "/batches")
            .body("multipart/form-data; boundary=b", part("name=\"file\"; filename=\"a\"", "x"))
            .send();

    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location")).endsWith("/signin?expired&next=%2Fbatches%2Fnew");
  }

  private static String part(String name, String content) {
    return "--b\r\nContent-Disposition: form-data; " + name + "\r\n\r\n" + content + "\r\n";
  }

  private HttpResponse<String> upload(Person person, String path, String parts) throws Exception {
    var token = part("name=\"_csrf\"", person.token());
    return person
        .http()
        .send(
            HttpRequest.newBuilder(site().resolve(path))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(token + parts + "--b--\r\n"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private RawHttp.Answer get(String target, String header, String value) throws Exception {
    return RawHttp.request(site(), "GET", target).header(header, value).send();
  }

  private RawHttp.Answer post(String key, String type, String header, String value)
      throws Exception {
    return RawHttp.request(site(), "POST", "/api/v1/jobs")
        .header("Authorization", "Api-Key " + key)
        .header(header, value)
        .body(type, ECHO)
        .send();
  }

  private static String report(String key, String url) {
    return "[{\"token\":\"%s\",\"type\":\"behalf\",\"url\":\"%s\",\"source\":\"commit\"}]"
        .formatted(key, url);
  }

  private static String key(Person person) throws Exception {
    var answer =
        person.post(
            "/api/v1/keys",
            "{\"name\":\"k\",\"environment\":\"live\",\"scopes\":[\"jobs:read\",\"jobs:write\"]}"
                .getBytes(StandardCharsets.UTF_8));
    return Api.json(answer).required("secret").asString();
  }
}
