package dev.behalf.compute;

import static dev.behalf.engine.ScriptedEngine.answer;
import static dev.behalf.engine.ScriptedEngine.begin;
import static dev.behalf.engine.ScriptedEngine.lines;
import static dev.behalf.engine.ScriptedEngine.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.engine.ScriptedEngine;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Operations whose engines are called by HTTP. */
@Timeout(60)
class OwnEnginesTest extends ComputeTest {

  private static final String FIXED =
      """
      name: %s
      title: Anything
      input: {type: object, properties: {text: {type: string}}}
      output: {type: object, required: [text]}
      units: {name: job, fixed: 5}
      run: quick
      limits: {run_within: 2s, at_once: 2, output: 4KiB}
      engine: {http: '%s'%s}
      """;

  private static final String METERED =
      "units: {name: token, metered: {max: {plus: [10, {bytes: text}]}}}";

  @TempDir static Path secrets;

  private final UUID user = newUser();
  private final String key = newKey(user, Environment.LIVE, "jobs:read jobs:write usage:read");
  private final String name = "own-" + UUID.randomUUID().toString().substring(0, 8);
  private ScriptedEngine engine;

  @DynamicPropertySource
  static void folderOfSecrets(DynamicPropertyRegistry registry) {
    registry.add("behalf.engines.secrets", () -> secrets);
  }

  @BeforeEach
  void start() throws IOException {
    engine = new ScriptedEngine(result("", "{\"text\":\"done\"}"));
    limit(user, 1_000);
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
  }

  @Test
  void a_job_is_computed_by_the_engine_and_charged_to_its_user() throws Exception {
    operation(fixed());
    var id = UUID.randomUUID();

    var answer = run(id, "hello");

    assertThat(json(answer).required("result").required("text").asString()).isEqualTo("done");
    assertThat(json(answer).required("units").asLong()).isEqualTo(5);
    assertThat(used(user)).isEqualTo(5);
    var received = engine.received.getFirst();
    assertThat(received.body()).isEqualTo("{\"text\":\"hello\"}");
    assertThat(received.headers())
        .containsEntry("behalf-job", id.toString())
        .containsEntry("behalf-user", user.toString())
        .containsEntry("behalf-operation", name + "@1")
        .containsEntry("behalf-max-units", "5");
    assertThat(received.toString()).as("no credential").doesNotContain(key, key.substring(21));

    assertThat(json(run(id, "hello")).required("replayed").asBoolean()).isTrue();
    assertThat(engine.received).as("computed once").hasSize(1);
  }

  @Test
  void a_metered_job_is_charged_what_the_engine_reports() throws Exception {
    operation(metered());
    engine.now(result("Behalf-Units: 7\r\n", "{\"text\":\"done\"}"));

    var answer = run(UUID.randomUUID(), "hello");

    assertThat(json(answer).required("units").asLong()).isEqualTo(7);
    assertThat(used(user)).isEqualTo(7);
    assertThat(engine.received.getFirst().headers()).containsEntry("behalf-max-units", "15");
    assertThat(held()).isZero();
  }

  @Test
  void what_a_metered_job_may_cost_is_held_while_it_runs() throws Exception {
    operation(metered());
    var running = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    engine.now(
        out -> {
          running.countDown();
          assertThat(end.await(10, TimeUnit.SECONDS)).isTrue();
          lines("{\"usage\":{\"units\":3}}", "{\"result\":{\"text\":\"done\"}}").answer(out);
        });
    sql("update compute.quota set limit_units = 20 where user_id = '" + user + "'");

    var first = atOnceInBackground(() -> run(UUID.randomUUID(), "hello"));
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

    assertThat(held()).isEqualTo(15);
    var refused = run(UUID.randomUUID(), "hello");
    assertProblem(refused, 429, "quota_exceeded");
    assertThat(refused.body()).contains("15 are held");
    assertThat(json(get(key, "/v1/usage")).required("usage").get(0).required("held").asLong())
        .isEqualTo(15);
    end.countDown();
    assertThat(json(first.get()).required("units").asLong()).isEqualTo(3);
    assertThat(held()).isZero();
    assertThat(used(user)).isEqualTo(3);
  }

  @Test
  void a_job_that_is_held_already_is_not_refused_for_its_own_hold() throws Exception {
    operation(metered());
    var end = new CountDownLatch(1);
    engine.now(
        out -> {
          assertThat(end.await(10, TimeUnit.SECONDS)).isTrue();
          result("Behalf-Units: 7\r\n", "{\"text\":\"done\"}").answer(out);
        });
    sql("update compute.quota set limit_units = 20 where user_id = '" + user + "'");
    var id = UUID.randomUUID();
    var first = atOnceInBackground(() -> run(id, "hello"));
    await().until(() -> engine.received.size() == 1);

    assertProblem(run(id, "hello"), 503, "busy");

    end.countDown();
    assertThat(first.get().statusCode()).isEqualTo(200);
    assertThat(json(run(id, "hello")).required("replayed").asBoolean()).isTrue();
  }

  @Test
  void a_report_above_the_most_is_charged_as_the_most() throws Exception {
    operation(metered());
    engine.now(result("Behalf-Units: 999\r\n", "{\"text\":\"done\"}"));

    assertThat(json(run(UUID.randomUUID(), "hello")).required("units").asLong()).isEqualTo(15);
    assertThat(number("select reported from compute.ledger where user_id = '" + user + "'"))
        .isEqualTo(999);
  }

  @ParameterizedTest
  @CsvSource({
    "500 X, 500, engine_failed",
    "422 X, 422, engine_refused",
    "503 X, 503, busy",
    "403 X, 503, engine_unavailable",
    "200 OK, 500, engine_failed", // neither JSON nor lines
  })
  void whatever_an_engine_answers_nothing_stays_held(String line, int status, String code)
      throws Exception {
    operation(metered());
    engine.now(answer(line, "", "{}"));

    assertProblem(run(UUID.randomUUID(), "hello"), status, code);
    assertThat(held()).isZero();
    assertThat(charges(user)).isZero();
  }

  @Test
  void a_metered_job_whose_engine_reports_no_units_fails_uncharged() throws Exception {
    operation(metered());

    assertProblem(run(UUID.randomUUID(), "hello"), 500, "engine_failed");
    assertThat(held()).isZero();
    assertThat(charges(user)).isZero();
  }

  @Test
  void a_result_that_breaks_its_schema_is_not_charged() throws Exception {
    operation(fixed());
    engine.now(result("", "{\"words\":1}"));

    assertProblem(run(UUID.randomUUID(), "hello"), 500, "engine_failed");
    assertThat(charges(user)).isZero();
  }

  @Test
  void a_result_that_is_too_large_is_final() throws Exception {
    operation(fixed());
    engine.now(result("", "{\"text\":\"" + "x".repeat(5_000) + "\"}"));

    assertProblem(run(UUID.randomUUID(), "hello"), 422, "result_too_large");
  }

  @Test
  void the_engines_own_words_reach_the_user() throws Exception {
    operation(fixed());
    engine.now(
        lines("{\"problem\":{\"code\":\"audio_unreadable\",\"detail\":\"There is no sound.\"}}"));

    var answer = run(UUID.randomUUID(), "hello");

    assertProblem(answer, 422, "engine_refused");
    assertThat(json(answer).required("detail").asString())
        .isEqualTo("audio_unreadable: There is no sound.");
  }

  @Test
  void an_engine_that_nobody_can_reach_is_left_alone_and_a_job_shows_that_it_is_back()
      throws Exception {
    operation(fixed());
    var port = engine.address().getPort();
    engine.close();

    var answer = run(UUID.randomUUID(), "hello");
    assertProblem(answer, 503, "engine_unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    engine = new ScriptedEngine(port, result("", "{\"text\":\"done\"}"));
    assertProblem(asJob(worker(user)), 503, "engine_unavailable");
    assertThat(engine.received).as("the circuit is open").isEmpty();

    sql("update compute.engines set open_until = now() where " + mine());
    await().untilAsserted(() -> assertThat(asJob(worker(user)).statusCode()).isEqualTo(200));
    assertThat(
            number("select count(*) from compute.engines where open_until is null and " + mine()))
        .isEqualTo(1);
    assertThat(run(UUID.randomUUID(), "hello").statusCode()).isEqualTo(200);
  }

  @Test
  void while_an_engine_is_on_trial_direct_calls_wait_for_a_job() throws Exception {
    operation(fixed());
    sql(
        "insert into compute.engines (server, open_until, changed_at) values ('%s', now(), now())"
            .formatted("http://" + engine.address().getAuthority()));

    await()
        .untilAsserted(
            () -> assertProblem(run(UUID.randomUUID(), "hello"), 503, "engine_unavailable"));
    assertThat(asJob(worker(user)).statusCode()).isEqualTo(200);
    assertThat(run(UUID.randomUUID(), "hello").statusCode()).isEqualTo(200);
  }

  @Test
  void five_failures_in_a_row_open_the_circuit_and_an_answer_begins_the_count_again()
      throws Exception {
    operation(fixed());
    var users = List.of(worker(user), worker(newUser()));
    for (int i = 0; i < 4; i++) {
      engine.now(answer("500 X", "", ""));
      assertProblem(asJob(users.get(i % 2)), 500, "engine_failed");
    }
    engine.now(answer("422 X", "", "{}"));
    asJob(users.getFirst());
    engine.now(answer("403 X", "", ""));
    for (int i = 0; i < 5; i++) {
      assertProblem(asJob(users.get(i % 2)), 503, "engine_unavailable");
    }
    assertThat(engine.received).hasSize(10);

    assertProblem(asJob(users.getFirst()), 503, "engine_unavailable");
    assertThat(engine.received).as("the circuit is open").hasSize(10);
  }

  @Test
  void what_one_user_sends_closes_no_engine_for_others_nor_do_direct_calls_or_test_jobs()
      throws Exception {
    operation(fixed());
    engine.now(answer("500 X", "", ""));
    var one = worker(user);
    var other = newKey(newUser(), Environment.LIVE, "jobs:write");
    var test = managed(newUser(), Environment.TEST);
    for (int i = 0; i < 8; i++) {
      asJob(one);
      post(other, UUID.randomUUID(), "{\"operation\":\"" + name + "\",\"text\":\"x\"}");
      asJob(test);
    }

    assertThat(engine.received).as("none was kept from it").hasSize(24);
    assertThat(
            number(
                "select count(*) from compute.engines where open_until is null and reason is not null and "
                    + mine()))
        .as("operators see the reason")
        .isEqualTo(1);
  }

  @Test
  void each_time_that_the_circuit_opens_it_stays_open_for_longer() throws Exception {
    operation(fixed());
    engine.close();
    for (int seconds : new int[] {5, 10, 20}) {
      await()
          .untilAsserted(
              () -> {
                asJob(worker(user));
                assertThat(rest()).isBetween((long) seconds - 2, (long) seconds);
              });
      sql("update compute.engines set open_until = now() where " + mine());
    }
  }

  @Test
  void no_more_calls_are_made_at_once_than_the_operation_allows() throws Exception {
    operation(fixed());
    var end = new CountDownLatch(1);
    engine.now(
        out -> {
          assertThat(end.await(10, TimeUnit.SECONDS)).isTrue();
          result("", "{\"text\":\"done\"}").answer(out);
        });
    var first = atOnceInBackground(() -> run(UUID.randomUUID(), "hello"));
    await().until(() -> engine.received.size() == 1);

    // At once are two, of which direct calls may have one.
    assertProblem(run(UUID.randomUUID(), "hello"), 503, "busy");

    end.countDown();
    assertThat(first.get().statusCode()).isEqualTo(200);
  }

  @Test
  void a_call_is_signed_with_the_secret_that_the_definition_names() throws Exception {
    operation(FIXED.formatted(name, engine.address(), ", secret: gpu"));
    assertProblem(run(UUID.randomUUID(), "hello"), 503, "engine_unavailable");
    assertThat(engine.received).as("never unsigned").isEmpty();

    Files.writeString(secrets.resolve("gpu"), "0123456789abcdef0123456789abcdef\n", UTF_8);
    sql("delete from compute.engines where " + mine());

    await()
        .atMost(15, TimeUnit.SECONDS)
        .untilAsserted(
            () -> {
              sql("delete from compute.engines where " + mine());
              assertThat(run(UUID.randomUUID(), "hello").statusCode()).isEqualTo(200);
            });
    assertThat(engine.received.getFirst().headers().get("signature-input"))
        .contains("keyid=\"gpu\"", "behalf-user");
  }

  @Test
  void an_engine_with_an_audience_is_not_called_without_a_token() throws Exception {
    operation(fixed() + "audience: https://api.example\n");

    assertProblem(run(UUID.randomUUID(), "hello"), 409, "submit_as_job");
    var managed = worker(user);
    var body =
        "{\"job_id\":\"%s\",\"payload\":{\"operation\":\"%s\",\"text\":\"x\"}}"
            .formatted(UUID.randomUUID(), name);
    assertProblem(send(managed, "/v1/ai/jobs", body.getBytes(UTF_8)), 428, "job_token_required");
    assertThat(engine.received).isEmpty();

    var answer =
        HTTP.send(
            request(managed, "/v1/ai/jobs")
                .header("Content-Type", "application/json")
                .header("Behalf-Job-Token", "token")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(engine.received.getFirst().headers()).containsEntry("behalf-job-token", "token");
  }

  @Test
  void a_connection_that_is_cut_is_an_attempt() throws Exception {
    operation(fixed());
    engine.now(
        out -> {
          begin(out);
          throw new IOException("cut");
        });

    assertProblem(run(UUID.randomUUID(), "hello"), 500, "engine_lost");
  }

  private String fixed() {
    return FIXED.formatted(name, engine.address(), "");
  }

  private String metered() {
    return fixed().replace("units: {name: job, fixed: 5}", METERED);
  }

  private void operation(String yaml) throws Exception {
    ShippedOperations.apply(DATABASE, yaml);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        post(key, UUID.randomUUID(), "{\"operation\":\"" + name + "\",\"text\":1}")
                            .body())
                    .contains("payload_invalid"));
  }

  private HttpResponse<String> run(UUID id, String text) throws Exception {
    return post(key, id, "{\"operation\":\"" + name + "\",\"text\":\"" + text + "\"}");
  }

  private static Future<HttpResponse<String>> atOnceInBackground(
      Callable<HttpResponse<String>> call) {
    var future = new FutureTask<>(call);
    Thread.ofVirtual().start(future);
    return future;
  }

  /** Returns a key as a worker has it. */
  private static String worker(UUID user) {
    return managed(user, Environment.LIVE);
  }

  private static String managed(UUID user, Environment environment) {
    var key = newKey(user, environment, "jobs:read jobs:write");
    sql(
        "update accounts.api_keys set kind = 'managed' where key_id = '%s'"
            .formatted(ApiKeyFormat.parse(key).orElseThrow().keyId()));
    return key;
  }

  private HttpResponse<String> asJob(String worker) throws Exception {
    return post(worker, UUID.randomUUID(), "{\"operation\":\"" + name + "\",\"text\":\"x\"}");
  }

  private String mine() {
    return "server = 'http://" + engine.address().getAuthority() + "'";
  }

  private long rest() {
    return number(
        "select extract(epoch from open_until - now())::bigint from compute.engines where "
            + mine());
  }

  private long held() {
    return number(
        "select coalesce(sum(held), 0) from compute.quota where user_id = '" + user + "'");
  }
}
