package dev.behalf.e2e.workers;

import static dev.behalf.e2e.workers.Answer.problem;
import static dev.behalf.e2e.workers.Answer.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Started;
import dev.behalf.contract.JobOutcome.Succeeded;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.faults.Toxic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What docs/workers.md asks of a worker, in whatever language. Each test gives it a job, and says
 * what the servers answer.
 */
@Tag("scenarios")
abstract class WorkerContract extends WorkerUnderTest {

  private static final int MOST_OUTCOMES = 200;

  @ParameterizedTest
  @ValueSource(strings = {"live", "test"})
  void a_job_is_computed_with_the_key_of_its_user_and_reported(String name) throws Exception {
    var environment = Environment.of(name);
    job = job(UUID.randomUUID(), environment);
    var key = servers.issue(job.userId(), environment);
    broker.publish(job);

    var outcome = outcome();

    assertThat(outcome.verdict()).isEqualTo(new Succeeded(1, key.keyId(), false));
    assertThat(outcome.environment()).isEqualTo(environment);
    assertThat(outcome.userId()).isEqualTo(job.userId());
    assertThat(outcome.attempt()).isEqualTo(job.attempt());
    assertThat(outcome.hops())
        .extracting(Hop::station)
        .containsExactly(Station.TAKEN, Station.VERIFIED, Station.KEY_FOUND, Station.ANSWERED);
    assertThat(servers.lookUps(job.jobId()))
        .singleElement()
        .satisfies(
            call -> assertThat(call.body().required("environment").asString()).isEqualTo(name));
    assertThat(call().header("authorization")).isEqualTo("Api-Key " + key.reveal());
  }

  @Test
  void payload_and_headers_are_passed_on_unchanged() throws Exception {
    var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    broker.publish(StrictJson.write(job), Environment.LIVE, Map.of("traceparent", trace));
    outcome();

    var call = call();

    assertThat(call.body())
        .isEqualTo(
            StrictJson.MAPPER.readTree(
                "{\"job_id\":\"%s\",\"payload\":%s}".formatted(job.jobId(), job.payload().text())));
    assertThat(call.header("content-type")).startsWith("application/json");
    assertThat(call.header("content-encoding")).isNull();
    assertThat(call.header("behalf-attempt")).isEqualTo("3");
    assertThat(call.header("behalf-operation-version")).isEqualTo("7");
    assertThat(call.header("behalf-origin-key")).isEqualTo("0123456789ab");
    assertThat(call.header("behalf-job-token")).isNull();
    assertThat(call.header("traceparent")).contains("0af7651916cd43dd8448eb211c80319c");
  }

  @Test
  void what_a_message_leaves_out_is_left_out_of_the_call() throws Exception {
    job = message(job, 1, null, null);
    broker.publish(job);
    outcome();

    var call = call();

    assertThat(call.header("behalf-attempt")).isEqualTo("1");
    assertThat(call.header("behalf-operation-version")).isNull();
    assertThat(call.header("behalf-origin-key")).isNull();
    assertThat(call.header("traceparent")).isNull();
  }

  @Test
  void times_at_compute_server_become_hops() throws Exception {
    servers.computeAnswers(
        job.jobId(),
        Answer.of(
            200,
            "{\"units\":2,\"replayed\":true,\"result\":{}}",
            Map.of("Server-Timing", "wait;dur=0.010, engine;dur=0.020, charge;dur=0.030")));
    broker.publish(job);

    var outcome = outcome();

    assertThat(outcome.verdict())
        .isInstanceOfSatisfying(
            Succeeded.class, succeeded -> assertThat(succeeded.replayed()).isTrue());
    assertThat(outcome.hops())
        .extracting(Hop::station)
        .containsExactly(
            Station.TAKEN,
            Station.VERIFIED,
            Station.KEY_FOUND,
            Station.RECEIVED,
            Station.COMPUTED,
            Station.CHARGED,
            Station.ANSWERED);
    assertThat(outcome.hops()).extracting(Hop::at).isSorted();
  }

  @Test
  void an_open_run_is_reported_as_started() throws Exception {
    servers.computeAnswers(job.jobId(), Answer.of(202, "{\"state\":\"running\"}"));

    assertThat(verdict()).isEqualTo(new Started());
  }

  @ParameterizedTest
  @CsvSource({
    "400, json_malformed",
    "403, scope_missing",
    "409, job_cancelled",
    "413, payload_too_large",
    "415, media_type_unsupported",
    "422, engine_refused",
    "429, quota_exceeded",
    "429, key_cap_reached"
  })
  void what_no_retry_helps_fails(int status, String code) throws Exception {
    servers.computeAnswers(job.jobId(), problem(status, code));

    assertThat(verdict()).isEqualTo(new Failed(code, code + "!"));
    assertThat(servers.computations(job.jobId())).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "503, busy, busy, 7",
    "503, engine_unavailable, engine_unavailable, 7",
    "503, unavailable, unavailable, 7",
    "429, rate_limited, unavailable, 7",
    "500, internal, unavailable, 7",
    "404, not_found, unavailable, 7",
    "500, engine_failed, engine_failed,",
    "500, engine_lost, engine_lost,"
  })
  void what_may_pass_is_deferred(int status, String code, String reported, @Nullable Integer pause)
      throws Exception {
    servers.computeAnswers(job.jobId(), problem(status, code, Map.of("Retry-After", "7")));

    assertThat(verdict())
        .isInstanceOfSatisfying(
            Deferred.class,
            deferred -> {
              assertThat(deferred.code()).isEqualTo(reported);
              assertThat(deferred.retryAfterSeconds()).isEqualTo(pause);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 401, 403, 500})
  void a_body_that_is_not_json_is_no_answer(int status) throws Exception {
    servers.computeAnswers(job.jobId(), Answer.of(status, "<html>"));

    assertDeferred("unavailable");
    assertThat(servers.computations(job.jobId())).hasSize(1);
  }

  @Test
  void a_cut_connection_is_deferred() throws Exception {
    servers.computeAnswers(job.jobId(), Answer.none());

    assertDeferred("unavailable");
  }

  @Test
  void a_call_without_an_answer_ends_in_time() throws Exception {
    servers.computeAnswers(job.jobId(), Answer.after(new CountDownLatch(1), succeeded()));

    assertDeferred("unavailable");
  }

  @Test
  void a_key_follows_no_redirect() throws Exception {
    servers.computeAnswers(
        job.jobId(), Answer.of(307, "{}", Map.of("Location", servers.address() + "/elsewhere")));

    assertDeferred("unavailable");
  }

  @Test
  void too_large_an_answer_fails() throws Exception {
    servers.computeAnswers(
        job.jobId(), Answer.of(200, "{\"units\":1,\"x\":\"%s\"}".formatted("x".repeat(5 << 20))));

    assertThat(verdict())
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.code()).isEqualTo("result_too_large"));
  }

  @Test
  void a_refused_key_is_looked_up_again_and_not_used_any_more() throws Exception {
    var old = servers.issue(job.userId(), Environment.LIVE);
    broker.publish(job);
    outcome();
    var rotated = servers.issue(job.userId(), Environment.LIVE);
    job = job(job.userId(), Environment.LIVE);
    servers.computeAnswers(job.jobId(), refuse(old.reveal()));
    broker.publish(job);

    assertThat(outcome().verdict()).isEqualTo(new Succeeded(1, rotated.keyId(), false));
    job = job(job.userId(), Environment.LIVE);
    servers.computeAnswers(job.jobId(), refuse(old.reveal()));
    broker.publish(job);
    outcome();
    assertThat(call().header("authorization")).isEqualTo("Api-Key " + rotated.reveal());
  }

  /** Refuses one key, and takes any other. */
  private static Answer refuse(String key) {
    return exchange ->
        (("Api-Key " + key).equals(exchange.getRequestHeaders().getFirst("Authorization"))
                ? problem(401, "key_invalid")
                : succeeded())
            .send(exchange);
  }

  @Test
  void a_key_that_is_refused_twice_is_deferred() throws Exception {
    servers.computeAnswers(job.jobId(), problem(401, "key_invalid"));

    assertDeferred("key_invalid");
    assertThat(servers.computations(job.jobId())).hasSize(2);
    assertThat(servers.lookUps(job.jobId())).hasSize(2);
  }

  @Test
  void the_token_of_a_job_is_looked_up_where_the_key_was_cached() throws Exception {
    var key = servers.issue(job.userId(), Environment.LIVE);
    broker.publish(job);
    outcome();
    job = job(job.userId(), Environment.LIVE);
    servers.lookUpAnswers(job.userId(), ScriptedServers.found(key, "token-of-this-job"));
    servers.computeAnswers(job.jobId(), needToken());
    broker.publish(job);

    assertThat(outcome().verdict()).isInstanceOf(Succeeded.class);
    assertThat(servers.lookUps(job.jobId())).hasSize(1);
    assertThat(servers.computations(job.jobId()).getLast().header("behalf-job-token"))
        .isEqualTo("token-of-this-job");
  }

  @Test
  void a_job_whose_look_up_gives_no_token_is_deferred() throws Exception {
    servers.computeAnswers(job.jobId(), needToken());

    assertDeferred("job_token_required");
  }

  private static Answer needToken() {
    return exchange ->
        (exchange.getRequestHeaders().containsKey("Behalf-Job-Token")
                ? succeeded()
                : problem(428, "job_token_required"))
            .send(exchange);
  }

  @Test
  void without_a_key_a_job_fails() throws Exception {
    servers.lookUpAnswers(job.userId(), problem(404, "no_key"));

    assertThat(verdict())
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.code()).isEqualTo("no_key"));
    assertThat(servers.computations(job.jobId())).isEmpty();
  }

  @Test
  void a_job_that_is_not_in_flight_is_deferred() throws Exception {
    servers.lookUpAnswers(job.userId(), problem(404, "not_found"));

    assertDeferred("not_found");
    assertThat(servers.computations(job.jobId())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 429, 500, 503})
  void a_look_up_that_does_not_work_is_deferred(int status) throws Exception {
    servers.lookUpAnswers(job.userId(), problem(status, "anything"));

    assertDeferred("unavailable");
    assertThat(servers.computations(job.jobId())).isEmpty();
  }

  @Test
  void a_cut_look_up_is_deferred() throws Exception {
    servers.lookUpAnswers(job.userId(), Answer.none());

    assertDeferred("unavailable");
  }

  @Test
  void a_key_that_does_not_fit_the_job_is_not_used() throws Exception {
    var ofTest = servers.issue(job.userId(), Environment.TEST);
    servers.lookUpAnswers(job.userId(), ScriptedServers.found(ofTest));

    assertDeferred("unavailable");
    assertThat(servers.computations(job.jobId())).isEmpty();
  }

  @Test
  void a_message_without_a_valid_signature_is_a_dead_letter_and_says_nothing_of_a_job()
      throws Exception {
    var body = StrictJson.write(job);
    broker.publishAsIs(body, Environment.LIVE, Map.of());
    assertDead(body, "unsigned");

    var altered = (new String(body, StandardCharsets.UTF_8) + " ").getBytes(StandardCharsets.UTF_8);
    var seal = KeyRing.parse(messageSecrets).seal(body);
    broker.publishAsIs(altered, Environment.LIVE, Map.of(JobMessage.SIGNATURE, seal));
    assertDead(altered, "signature_invalid");

    broker.publish(job);
    assertThat(outcome().verdict()).isInstanceOf(Succeeded.class);
    assertThat(broker.outcomes(job.jobId())).hasSize(1);
  }

  @Test
  void a_message_that_an_older_secret_has_signed_is_a_job() throws Exception {
    var body = StrictJson.write(job);
    var seal = KeyRing.parse(older).seal(body);
    broker.publishAsIs(body, Environment.LIVE, Map.of(JobMessage.SIGNATURE, seal));

    assertThat(outcome().verdict()).isInstanceOf(Succeeded.class);
  }

  @Test
  void a_signed_message_that_cannot_be_read_fails_its_job() throws Exception {
    var body = changed("\"v\":1", "\"v\":1,\"colour\":\"blue\"");
    broker.publish(body, Environment.LIVE, Map.of());

    assertDead(body, "unreadable");
    assertThat(outcome().verdict())
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.code()).isEqualTo("internal"));
    assertThat(servers.lookUps(job.jobId())).isEmpty();
  }

  @Test
  void a_signed_message_that_names_no_job_is_a_dead_letter() throws Exception {
    var body = "{\"v\":1,\"n\":\"%s\"}".formatted(job.jobId()).getBytes(StandardCharsets.UTF_8);
    broker.publish(body, Environment.LIVE, Map.of());

    assertDead(body, "unreadable");
  }

  @Test
  void a_message_of_another_version_is_deferred() throws Exception {
    var body = changed("\"v\":1", "\"v\":2");
    broker.publish(body, Environment.LIVE, Map.of());

    assertDead(body, "version_unknown");
    assertDeferred(outcome().verdict(), "unavailable");
  }

  @Test
  void a_message_that_is_too_large_fails_its_job() throws Exception {
    var body =
        changed("\"text\":", "\"filling\":\"" + "x".repeat(JobMessage.MAX_BYTES) + "\",\"text\":");
    broker.publish(body, Environment.LIVE, Map.of());

    assertDead(body, "too_large");
    assertThat(outcome().verdict())
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.code()).isEqualTo("payload_too_large"));
  }

  @Test
  void a_job_that_is_delivered_twice_is_reported_twice() throws Exception {
    servers.computeAnswers(
        job.jobId(), succeeded(), Answer.of(200, "{\"result\":{},\"units\":1,\"replayed\":true}"));
    broker.publish(job);
    outcome();
    broker.publish(job);

    await().atMost(SOON).until(() -> broker.outcomes(job.jobId()).size() == 2);
    assertThat(broker.outcomes(job.jobId()))
        .extracting(JobOutcome::verdict)
        .extracting(verdict -> ((Succeeded) verdict).replayed())
        .containsExactly(false, true);
  }

  @Test
  void a_slow_job_holds_up_no_other() throws Exception {
    var gate = new CountDownLatch(1);
    servers.computeAnswers(job.jobId(), Answer.after(gate, succeeded()));
    broker.publish(job);
    var others = jobs(100);
    for (var other : others) {
      broker.publish(other);
    }

    awaitOutcomes(others);
    gate.countDown();
    outcome();
  }

  @Test
  void many_outcomes_stay_within_the_bounds_of_a_message() throws Exception {
    var gate = new CountDownLatch(1);
    var detail = "\\u0001".repeat(9_000);
    var refused =
        Answer.of(422, "{\"code\":\"engine_refused\",\"detail\":\"%s\"}".formatted(detail));
    var answered = new AtomicInteger();
    Answer counted =
        exchange -> {
          try {
            refused.send(exchange);
          } finally {
            // Also if the worker gave the call up, as one may on a busy machine.
            answered.incrementAndGet();
          }
        };
    var many = jobs(LIVE_AT_ONCE);
    for (var one : many) {
      servers.computeAnswers(one.jobId(), Answer.after(gate, counted));
      broker.publish(one);
    }
    await()
        .atMost(SOON)
        .until(() -> many.stream().noneMatch(one -> servers.computations(one.jobId()).isEmpty()));
    // While the first message is on its way, all other outcomes arrive.
    link.set(new Toxic.Latency(Duration.ofSeconds(1), Duration.ZERO));
    gate.countDown();
    await().atMost(SOON).until(() -> answered.get() == many.size());
    link.heal();
    awaitOutcomes(many);

    assertThat(broker.messages())
        .extracting(JobOutcomes::outcomes)
        .allSatisfy(outcomes -> assertThat(outcomes).hasSizeBetween(1, MOST_OUTCOMES));
  }

  @Test
  void a_job_is_acknowledged_only_after_its_outcome_is_in_a_queue() throws Exception {
    broker.returnOutcomes();
    broker.publish(job);
    await().atMost(SOON).until(() -> servers.computations(job.jobId()).size() >= 2);
    broker.routeOutcomes();

    assertThat(outcome().verdict()).isInstanceOf(Succeeded.class);
  }

  @Test
  void a_worker_comes_back_after_its_connection_was_cut() throws Exception {
    var gate = new CountDownLatch(1);
    servers.computeAnswers(job.jobId(), Answer.after(gate, succeeded()), succeeded());
    broker.publish(job);
    await().atMost(SOON).until(() -> !servers.computations(job.jobId()).isEmpty());
    link.set(new Toxic.Down());
    gate.countDown();
    await().atMost(SOON).until(() -> broker.consumers(JobMessage.LIVE_QUEUE) == 0);
    link.heal();

    assertThat(outcome().verdict()).isInstanceOf(Succeeded.class);
    await().atMost(SOON).until(() -> servers.computations(job.jobId()).size() >= 2);
  }

  @Test
  void a_job_of_a_killed_worker_is_delivered_again() throws Exception {
    var gate = new CountDownLatch(1);
    servers.computeAnswers(job.jobId(), Answer.after(gate, succeeded()), succeeded());
    broker.publish(job);
    await().atMost(SOON).until(() -> !servers.computations(job.jobId()).isEmpty());
    worker.kill();
    gate.countDown();
    worker.start();

    assertThat(outcome().verdict()).isInstanceOf(Succeeded.class);
    assertThat(servers.computations(job.jobId())).hasSize(2);
  }

  @Test
  void sigterm_finishes_what_was_taken_and_takes_no_more() throws Exception {
    var gate = new CountDownLatch(1);
    servers.computeAnswers(job.jobId(), Answer.after(gate, succeeded()));
    broker.publish(job);
    await().atMost(SOON).until(() -> !servers.computations(job.jobId()).isEmpty());
    worker.terminate();
    var next = publishUntilNobodyTakes();
    gate.countDown();
    worker.awaitEnd();

    assertThat(outcome().verdict()).isInstanceOf(Succeeded.class);
    assertThat(servers.computations(next.jobId())).isEmpty();
    // All that was taken is acknowledged: the broker would have taken back what is not.
    assertThat(broker.waiting(JobMessage.LIVE_QUEUE)).isEqualTo(1);
    assertThat(broker.waiting(JobMessage.TEST_QUEUE)).isZero();
    worker.start();
    await().atMost(SOON).until(() -> !broker.outcomes(next.jobId()).isEmpty());
  }

  /** Publishes jobs until the worker leaves one alone for a second, and returns that one. */
  private JobMessage publishUntilNobodyTakes() {
    var last = new AtomicReference<>(job);
    await()
        .during(Duration.ofSeconds(1))
        .atMost(SOON)
        .until(
            () -> {
              if (servers.computations(last.get().jobId()).isEmpty()) {
                return true;
              }
              last.set(job(UUID.randomUUID(), Environment.LIVE));
              broker.publish(last.get());
              return false;
            });
    return last.get();
  }

  @Test
  void a_worker_says_that_it_lives() throws Exception {
    broker.publish(job);
    outcome();

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(broker.heartbeats())
                    .isNotEmpty()
                    .last()
                    .satisfies(
                        beat -> {
                          assertThat(beat.v()).isEqualTo(1);
                          assertThat(beat.inHand()).isZero();
                          assertThat(beat.done()).isPositive();
                          assertThat(beat.sentAt()).isAfter(beat.startedAt());
                          assertThat(beat.name()).isNotBlank();
                          assertThat(beat.version()).isNotBlank();
                          assertThat(beat.worker()).isNotNull();
                        }));
  }
}
