package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobsApiTest extends WebAppTest {

  private static final String ECHO = "{\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"}}";

  @Test
  void a_job_is_accepted_with_its_address() throws Exception {
    var answer = post(signUp(), ECHO);

    assertThat(answer.statusCode()).isEqualTo(202);
    var id = StrictJson.MAPPER.readTree(answer.body()).required("id").asString();
    assertThat(answer.headers().firstValue("Location")).hasValue("/api/v1/jobs/" + id);
    assertThat(UUID.fromString(id).version()).isEqualTo(7);
  }

  @Test
  void the_same_idempotency_key_and_job_is_one_job() throws Exception {
    var ada = signUp();

    var first = post(ada, ECHO, "Idempotency-Key", "\"order-17\"");
    var again = post(ada, ECHO, "Idempotency-Key", "order-17");

    assertThat(id(again)).isEqualTo(id(first));
    assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
    assertThat(jobsOf(ada)).isEqualTo(1);
  }

  @Test
  void a_script_that_says_in_half_an_hour_can_be_run_again() throws Exception {
    var ada = signUp();
    var body = ECHO.replaceFirst("}$", ",\"not_before\":\"%s\",\"priority\":\"%s\"}");

    var first =
        post(ada, body.formatted(Instant.now().plusSeconds(1800), "low"), "Idempotency-Key", "a");
    var again =
        post(ada, body.formatted(Instant.now().plusSeconds(1801), "high"), "Idempotency-Key", "a");

    assertThat(again.statusCode()).as(again.body()).isEqualTo(202);
    assertThat(id(again)).isEqualTo(id(first));
  }

  @Test
  void nobody_takes_the_key_of_a_retry_that_is_to_come() throws Exception {
    var ada = signUp();
    var id = id(post(ada, ECHO));
    sql("update jobs.jobs set state = 'failed', finished_at = now() where id = '" + id + "'");
    for (var taken : new String[] {"retry-" + id, "retry" + id}) {
      post(ada, ECHO.replace("hi", "other"), "Idempotency-Key", taken);
    }

    var retry = ada.post("/api/v1/jobs/" + id + "/retry", new byte[0]);

    assertThat(retry.statusCode()).as(retry.body()).isEqualTo(202);
    assertThat(retry.body()).contains("\"hi\"");
  }

  @Test
  void the_same_idempotency_key_for_another_job_is_refused() throws Exception {
    var ada = signUp();
    post(ada, ECHO, "Idempotency-Key", "order-17");

    assertProblem(
        post(ada, ECHO.replace("hi", "ho"), "Idempotency-Key", "order-17"),
        422,
        "idempotency_key_reused");
    assertProblem(post(ada, ECHO, "Idempotency-Key", "with space"), 400, "idempotency_key_invalid");
    assertThat(jobsOf(ada)).isEqualTo(1);
  }

  @Test
  void a_job_that_is_done_again_costs_the_cap_of_the_key_that_asked() throws Exception {
    var ada = signUp();
    var capped = key(ada, 5);
    var other = key(ada, 9);
    var first =
        StrictJson.MAPPER
            .readTree(Api.withKey(site(), capped).post("/api/v1/jobs", ECHO).body())
            .required("id")
            .asString();
    var second =
        StrictJson.MAPPER
            .readTree(Api.withKey(site(), capped).post("/api/v1/jobs", ECHO).body())
            .required("id")
            .asString();
    for (var id : new String[] {first, second}) {
      ada.post("/api/v1/jobs/" + id + "/cancellation", new byte[0]);
    }

    ada.post("/api/v1/jobs/" + first + "/retry", new byte[0]);
    Api.withKey(site(), other).post("/api/v1/jobs/" + second + "/retry", "");

    assertThat(originOf(first)).isEqualTo(ApiKeyFormat.parse(capped).orElseThrow().keyId());
    assertThat(originOf(second)).isEqualTo(ApiKeyFormat.parse(other).orElseThrow().keyId());
  }

  private static String originOf(String retried) {
    return text("select origin_key_id from jobs.jobs where retry_of = '" + retried + "'");
  }

  private static String key(Person person, int cap) throws Exception {
    var body =
        "{\"name\":\"capped\",\"environment\":\"live\",\"scopes\":[\"jobs:read\",\"jobs:write\"],\"daily_cap\":%d}"
            .formatted(cap);
    var answer = person.post("/api/v1/keys", body.getBytes(StandardCharsets.UTF_8));
    return StrictJson.MAPPER.readTree(answer.body()).required("secret").asString();
  }

  @Test
  void an_idempotency_key_is_the_users_own() throws Exception {
    var ada = signUp();
    var eve = signUp();

    assertThat(id(post(ada, ECHO, "Idempotency-Key", "order-17")))
        .isNotEqualTo(id(post(eve, ECHO, "Idempotency-Key", "order-17")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 422 | payload_invalid",
        "{\"payload\":{\"operation\":\"fly\",\"text\":\"hi\"}} | 422 | operation_unknown",
        "{\"payload\":{\"operation\":\"echo\",\"text\":\"\"}} | 422 | text_empty",
        "{\"payload\":{\"operation\":\"classify\",\"text\":\"hi\"}} | 422 | payload_invalid",
        "{\"environment\":\"moon\",\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"}} | 400 | json_malformed",
        "{\"payload\":{\"operation\":\"echo\",\"text\":\"a\",\"text\":\"b\"}} | 400 | json_malformed",
        "{\"payload\":{\"operation\":\"echo\",\"text\":\"a\\u0000b\"}} | 400 | not_utf8",
        "[] | 400 | json_malformed",
        "{ | 400 | json_malformed",
      })
  void bad_input_is_told_and_nothing_is_queued(String body, int status, String code)
      throws Exception {
    var ada = signUp();

    assertProblem(post(ada, body), status, code);
    assertThat(jobsOf(ada)).isZero();
  }

  @Test
  void too_much_and_other_encodings_are_told() throws Exception {
    var ada = signUp();

    assertProblem(
        post(ada, ECHO.replace("hi", "x".repeat(64 * 1024 + 1))), 413, "payload_too_large");
    assertProblem(
        post(ada, ECHO.replace("hi", "x".repeat(3 * 1024 * 1024))), 413, "payload_too_large");
    assertProblem(
        ada.post(
            "/api/v1/jobs", ECHO.replace("hi", "\u00e9").getBytes(StandardCharsets.ISO_8859_1)),
        400,
        "not_utf8");
    assertThat(jobsOf(ada)).isZero();
  }

  @Test
  void ids_that_are_none_and_jobs_of_others_are_told_apart() throws Exception {
    var ada = signUp();
    var eve = signUp();
    var job = id(post(ada, ECHO));

    assertProblem(eve.page("/api/v1/jobs/17"), 400, "id_malformed");
    assertProblem(eve.page("/api/v1/jobs/" + job), 404, "not_found");
    assertThat(ada.page("/api/v1/jobs/" + job).statusCode()).isEqualTo(200);
    assertThat(eve.page("/jobs/17").body()).contains("UUID");
  }

  @Test
  void without_a_door_nothing_is_queued() throws Exception {
    var body = HttpRequest.BodyPublishers.ofString(ECHO);
    var http = HttpClient.newHttpClient();
    var plain = HttpRequest.newBuilder(site().resolve("/api/v1/jobs"));

    var nobody = http.send(plain.copy().POST(body).build(), HttpResponse.BodyHandlers.ofString());
    var wrongKey =
        http.send(
            plain.copy().header("Authorization", "Api-Key bh_live_x").POST(body).build(),
            HttpResponse.BodyHandlers.ofString());
    var gone =
        http.send(
            plain.copy().header("Cookie", "behalf=gone").POST(body).build(),
            HttpResponse.BodyHandlers.ofString());

    assertProblem(nobody, 401, "key_missing");
    assertProblem(wrongKey, 401, "key_invalid");
    assertProblem(gone, 401, "signed_out");
    assertThat(nobody.headers().firstValue("WWW-Authenticate"))
        .hasValue("Api-Key realm=\"behalf\"");
  }

  @Test
  void a_session_without_its_token_is_refused_also_with_another_authorization() throws Exception {
    var ada = signUp();
    for (var header : new String[] {"X-Other", "Authorization"}) {
      var request =
          HttpRequest.newBuilder(site().resolve("/api/v1/jobs"))
              .header(header, "Basic eDp5")
              .POST(HttpRequest.BodyPublishers.ofString(ECHO))
              .build();

      assertProblem(
          ada.http().send(request, HttpResponse.BodyHandlers.ofString()), 403, "form_expired");
    }
    assertThat(jobsOf(ada)).isZero();
  }

  @Test
  void the_list_goes_page_by_page_from_the_newest() throws Exception {
    var ada = signUp();
    for (int i = 0; i < 5; i++) {
      ada.submit(Environment.LIVE, JobPayload.of("echo", "job " + i));
    }

    var first = StrictJson.MAPPER.readTree(ada.page("/api/v1/jobs?limit=3").body());
    var second =
        StrictJson.MAPPER.readTree(
            ada.page("/api/v1/jobs?limit=3&cursor=" + first.required("next").asString()).body());

    assertThat(first.findValuesAsString("text")).containsExactly("job 4", "job 3", "job 2");
    assertThat(second.findValuesAsString("text")).containsExactly("job 1", "job 0");
    assertThat(second.has("next")).isFalse();
  }

  private static HttpResponse<String> post(Person person, String body, String... headers)
      throws Exception {
    return person.post("/api/v1/jobs", body.getBytes(StandardCharsets.UTF_8), headers);
  }

  private static String id(HttpResponse<String> answer) {
    return StrictJson.MAPPER.readTree(answer.body()).required("id").asString();
  }

  private static long jobsOf(Person person) {
    return number("select count(*) from jobs.jobs where user_id = '" + userId(person) + "'");
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(StrictJson.MAPPER.readTree(answer.body()).required("code").asString())
        .isEqualTo(code);
  }
}
