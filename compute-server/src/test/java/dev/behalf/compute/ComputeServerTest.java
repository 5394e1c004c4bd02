package dev.behalf.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeServerTest extends ComputeTest {

  private final UUID user = newUser();
  private final String key = newKey(user, Environment.LIVE, "jobs:read jobs:write usage:read");

  @Nested
  class A_job {

    @Test
    void is_computed_saved_and_charged() throws Exception {
      var id = UUID.randomUUID();

      var answer = post(key, id, "{\"operation\":\"echo\",\"text\":\"hi\"}");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(json(answer).required("result").required("text").asString()).isEqualTo("hi");
      assertThat(json(answer).required("units").asLong()).isEqualTo(1);
      assertThat(json(answer).required("replayed").asBoolean()).isFalse();
      assertThat(used(user)).isEqualTo(1);
      assertThat(charges(user)).isEqualTo(1);
    }

    @Test
    void is_replayed_for_the_same_id_and_input_and_charged_once() throws Exception {
      var id = UUID.randomUUID();
      post(key, id, "{\"operation\":\"echo\",\"text\":\"hi\"}");

      var again = post(key, id, "{\"operation\":\"echo\",\"text\":\"hi\"}");

      assertThat(json(again).required("replayed").asBoolean()).isTrue();
      assertThat(used(user)).isEqualTo(1);
    }

    @Test
    void is_refused_for_the_same_id_and_another_input() throws Exception {
      var id = UUID.randomUUID();
      post(key, id, "{\"operation\":\"echo\",\"text\":\"hi\"}");

      assertProblem(
          post(key, id, "{\"operation\":\"echo\",\"text\":\"ho\"}"), 422, "job_id_reused");
    }

    @Test
    void of_the_other_environment_is_another_job_under_the_same_id() throws Exception {
      var id = UUID.randomUUID();
      var testKey = newKey(user, Environment.TEST, "jobs:read jobs:write");
      post(testKey, id, "{\"operation\":\"echo\",\"text\":\"forged\"}");

      var live = post(key, id, "{\"operation\":\"echo\",\"text\":\"hi\"}");

      assertThat(json(live).required("replayed").asBoolean()).isFalse();
      assertThat(json(live).required("result").required("text").asString()).isEqualTo("hi");
      assertThat(used(user)).isEqualTo(1);
      assertThat(json(get(testKey, "/v1/ai/jobs/" + id)).required("result").toString())
          .contains("forged");
    }

    @Test
    void sent_twenty_times_at_once_is_computed_and_charged_once() throws Exception {
      var id = UUID.randomUUID();

      var answers = atOnce(20, i -> post(key, id, "{\"operation\":\"echo\",\"text\":\"hi\"}"));

      assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200));
      assertThat(answers.stream().filter(answer -> !json(answer).required("replayed").asBoolean()))
          .hasSize(1);
      assertThat(used(user)).isEqualTo(1);
    }

    @Test
    void of_another_user_is_not_found() throws Exception {
      var id = UUID.randomUUID();
      post(key, id, "{\"operation\":\"echo\",\"text\":\"hi\"}");
      var stranger = newKey(newUser(), Environment.LIVE, "jobs:read jobs:write");

      assertThat(get(key, "/v1/ai/jobs/" + id).statusCode()).isEqualTo(200);
      assertProblem(get(stranger, "/v1/ai/jobs/" + id), 404, "not_found");
    }

    @Test
    void with_the_id_of_another_users_job_is_a_job_of_its_own() throws Exception {
      var id = UUID.randomUUID();
      post(key, id, "{\"operation\":\"echo\",\"text\":\"mine\"}");
      var stranger = newUser();

      var answer =
          post(
              newKey(stranger, Environment.LIVE, "jobs:write"),
              id,
              "{\"operation\":\"echo\",\"text\":\"theirs\"}");

      assertThat(json(answer).required("result").required("text").asString()).isEqualTo("theirs");
      assertThat(used(stranger)).isEqualTo(1);
    }
  }

  @Nested
  class A_test_text {

    @ParameterizedTest
    @CsvSource({
      "fail.once, 503, unavailable",
      "fail.always, 422, payload_invalid",
      "time.limit, 422, time_limit",
      "quota.exceeded, 429, quota_exceeded",
      "' Fail.Always ', 422, payload_invalid"
    })
    void fails_as_it_says_and_costs_nothing(String text, int status, String code) throws Exception {
      var test = newKey(user, Environment.TEST, "jobs:write");

      assertProblem(post(test, UUID.randomUUID(), echo(text)), status, code);

      assertThat(charges(user)).isZero();
    }

    @Test
    void that_fails_once_succeeds_in_the_next_attempt() throws Exception {
      var test = newKey(user, Environment.TEST, "jobs:write");
      var id = UUID.randomUUID();
      assertProblem(post(test, id, echo("fail.once")), 503, "unavailable");

      var body = "{\"job_id\":\"%s\",\"payload\":%s}".formatted(id, echo("fail.once"));
      var answer =
          HTTP.send(
              request(test, "/v1/ai/jobs")
                  .header("Content-Type", "application/json")
                  .header("Behalf-Attempt", "2")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void takes_its_time() throws Exception {
      var test = newKey(user, Environment.TEST, "jobs:write");
      var start = System.nanoTime();

      assertThat(post(test, UUID.randomUUID(), echo("slow.1s")).statusCode()).isEqualTo(200);

      assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
    }

    @Test
    void is_a_text_like_any_other_in_a_live_job() throws Exception {
      assertThat(post(key, UUID.randomUUID(), echo("fail.always")).statusCode()).isEqualTo(200);
    }

    private static String echo(String text) {
      return "{\"operation\":\"echo\",\"text\":\"" + text + "\"}";
    }
  }

  @Nested
  class Quota {

    @Test
    void of_ten_units_is_never_exceeded_by_fifty_requests_at_once() throws Exception {
      limit(user, 10);

      var answers =
          atOnce(50, i -> post(key, UUID.randomUUID(), "{\"operation\":\"echo\",\"text\":\"hi\"}"));

      assertThat(answers.stream().filter(answer -> answer.statusCode() == 200)).hasSize(10);
      assertThat(answers.stream().filter(answer -> answer.statusCode() == 429)).hasSize(40);
      assertThat(used(user)).isEqualTo(10);
      assertThat(charges(user)).isEqualTo(10);
    }

    @Test
    void that_is_used_up_says_how_much_and_until_when() throws Exception {
      limit(user, 0);

      var answer = post(key, UUID.randomUUID(), "{\"operation\":\"echo\",\"text\":\"hi\"}");

      assertProblem(answer, 429, "quota_exceeded");
      assertThat(answer.headers().firstValue("RateLimit-Policy"))
          .hasValueSatisfying(v -> assertThat(v).startsWith("\"live\";q=0;w="));
      assertThat(answer.headers().firstValue("RateLimit"))
          .hasValueSatisfying(v -> assertThat(v).startsWith("\"live\";r=0;t="));
      assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow()).isPositive();
    }

    @Test
    void is_the_users_however_many_keys_there_are() throws Exception {
      limit(user, 1);
      post(key, UUID.randomUUID(), "{\"operation\":\"echo\",\"text\":\"hi\"}");

      var other = newKey(user, Environment.LIVE, "jobs:write");

      assertProblem(
          post(other, UUID.randomUUID(), "{\"operation\":\"echo\",\"text\":\"hi\"}"),
          429,
          "quota_exceeded");
    }

    @Test
    void of_test_is_apart_from_live() throws Exception {
      limit(user, 0);
      var test = newKey(user, Environment.TEST, "jobs:write");

      assertThat(
              post(test, UUID.randomUUID(), "{\"operation\":\"echo\",\"text\":\"hi\"}")
                  .statusCode())
          .isEqualTo(200);
      assertThat(used(user)).isZero();
    }
  }

  @Nested
  class A_key {

    @Test
    void that_is_missing_is_asked_for() throws Exception {
      var answer = get(null, "/v1/me");

      assertProblem(answer, 401, "key_missing");
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .hasValueSatisfying(v -> assertThat(v).startsWith("Api-Key"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"x", "bh_live_", "bh_live_00000000000000000000000000000000000000000000000000"})
    void that_is_none_is_refused(String text) throws Exception {
      assertProblem(get(text, "/v1/me"), 401, "key_invalid");
    }

    @Test
    void that_nobody_has_is_refused() throws Exception {
      assertProblem(
          get(ApiKeyFormat.generate(Environment.LIVE).reveal(), "/v1/me"), 401, "key_invalid");
    }

    @Test
    void with_the_id_of_a_real_one_and_another_secret_is_refused() throws Exception {
      var real = ApiKeyFormat.parse(key).orElseThrow();
      var forged = new ApiKeyFormat(real.environment(), real.keyId(), "0".repeat(32)).reveal();

      assertProblem(get(forged, "/v1/me"), 401, "key_invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"revoked_at", "disabled_at", "expires_at"})
    void that_has_ended_is_refused_within_a_second(String column) throws Exception {
      assertThat(get(key, "/v1/me").statusCode()).isEqualTo(200);

      sql("update accounts.api_keys set " + column + " = now() where user_id = '" + user + "'");
      var changed = System.nanoTime();

      org.awaitility.Awaitility.await()
          .pollInterval(java.time.Duration.ofMillis(10))
          .until(() -> get(key, "/v1/me").statusCode() == 401);
      assertThat(java.time.Duration.ofNanos(System.nanoTime() - changed))
          .isLessThan(java.time.Duration.ofSeconds(1));
    }

    @Test
    void without_the_scope_is_forbidden() throws Exception {
      var reader = newKey(user, Environment.LIVE, "jobs:read");

      assertProblem(
          post(reader, UUID.randomUUID(), "{\"operation\":\"echo\",\"text\":\"hi\"}"),
          403,
          "scope_missing");
      assertProblem(get(reader, "/v1/usage"), 403, "scope_missing");
    }

    @Test
    void says_whose_it_is_and_what_is_left() throws Exception {
      assertThat(json(get(key, "/v1/me")).required("user_id").asString())
          .isEqualTo(user.toString());
      assertThat(json(get(key, "/v1/usage")).required("usage").get(0).required("used").asLong())
          .isZero();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"operation\":\"fly\",\"text\":\"hi\"} | 422 | operation_unknown",
        "{\"operation\":\"echo\",\"text\":\"\"} | 422 | text_empty",
        "{\"operation\":\"classify\",\"text\":\"hi\"} | 422 | payload_invalid",
        "{\"operation\":\"echo\",\"operation\":\"echo\",\"text\":\"hi\"} | 400 | json_malformed",
        "{\"operation\":\"echo\" | 400 | json_malformed",
        "{\"operation\":\"echo\",\"text\":5} | 422 | payload_invalid",
      })
  void bad_input_is_told_and_not_charged(String payload, int status, String code) throws Exception {
    assertProblem(post(key, UUID.randomUUID(), payload), status, code);
    assertThat(used(user)).isZero();
  }

  @Test
  void a_text_over_64_kib_and_a_body_without_end_are_too_large() throws Exception {
    var text = "{\"operation\":\"echo\",\"text\":\"" + "x".repeat(64 * 1024 + 1) + "\"}";

    assertProblem(post(key, UUID.randomUUID(), text), 413, "payload_too_large");
    assertProblem(send(key, "/v1/ai/jobs", new byte[3 * 1024 * 1024]), 413, "payload_too_large");
  }

  @Test
  void other_encodings_ids_and_addresses_are_told() throws Exception {
    assertProblem(
        send(key, "/v1/ai/jobs", "{\"\u00e9\":1}".getBytes(StandardCharsets.ISO_8859_1)),
        400,
        "not_utf8");
    assertProblem(get(key, "/v1/ai/jobs/17"), 400, "id_malformed");
    assertProblem(get(key, "/v1/nothing"), 404, "not_found");
  }
}
