package dev.behalf.compute;

import static dev.behalf.engine.ScriptedEngine.answer;
import static dev.behalf.engine.ScriptedEngine.begin;
import static dev.behalf.engine.ScriptedEngine.chunk;
import static dev.behalf.engine.ScriptedEngine.lines;
import static dev.behalf.engine.ScriptedEngine.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.engine.ScriptedEngine;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Long operations: the call is answered, and the work goes on as a run. */
@Timeout(60)
class RunsTest extends RunTest {

  private static final String LONG =
      """
      name: %s
      title: Anything
      input: {type: object, properties: {text: {type: string}}}
      output: {type: object, required: [text]}
      units: {name: token, metered: {max: {plus: [10, {bytes: text}]}}}
      run: long
      limits: {run_within: 30s, at_once: 2, attempts: 3}
      engine: {http: '%s'}
      """;

  private final CountDownLatch end = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private ScriptedEngine engine;

  @BeforeEach
  void start() throws Exception {
    engine =
        new ScriptedEngine(lines("{\"usage\":{\"units\":3}}", "{\"result\":{\"text\":\"done\"}}"));
    limit(user, 100);
    operation(LONG.formatted(name, engine.address()));
  }

  @AfterEach
  void stop() throws IOException {
    end.countDown();
    engine.close();
  }

  @Test
  void the_call_is_answered_before_the_work_is_done_and_the_result_is_there_afterwards()
      throws Exception {
    untilToldToEnd();

    var answer = run(job);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(json(answer).required("state").asString()).isEqualTo("running");
    assertThat(state(job)).isEqualTo("open");
    assertThat(held()).isEqualTo(15);
    end.countDown();
    awaitState(job, "succeeded");
    assertThat(held()).isZero();
    assertThat(used(user)).isEqualTo(4);
    var again = run(job);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(json(again).required("replayed").asBoolean()).isTrue();
    assertThat(engine.received).hasSize(1);
  }

  @Test
  void a_redelivery_attaches_to_the_run_that_is_open() throws Exception {
    untilToldToEnd();
    run(job);
    awaitCalls(1);

    assertThat(run(job).statusCode()).isEqualTo(202);
    assertThat(epoch(job)).isEqualTo(1);
    end.countDown();
    awaitState(job, "succeeded");
    assertThat(engine.received).hasSize(1);
    assertThat(charges(user)).isEqualTo(1);
  }

  @Test
  void a_run_over_the_end_of_a_month_counts_for_the_month_in_which_it_began() throws Exception {
    untilToldToEnd();
    run(job);
    awaitCalls(1);
    var periods =
        "select string_agg(distinct period, ' ') from compute.%s where user_id = '" + user + "'";
    var began = text(periods.formatted("quota"));

    try (var later = TestClock.ahead(Duration.ofDays(32))) {
      end.countDown();
      awaitState(job, "succeeded");
    }

    assertThat(held()).isZero();
    assertThat(used(user)).isEqualTo(4);
    assertThat(text(periods.formatted("quota"))).isEqualTo(began);
    assertThat(text(periods.formatted("ledger"))).isEqualTo(began);
  }

  @Test
  void another_input_under_the_same_id_is_refused() throws Exception {
    untilToldToEnd();
    run(job);

    assertProblem(post(worker, job, payload("other")), 422, "job_id_reused");
  }

  @Test
  void only_a_worker_with_a_job_that_is_due_can_start_a_run() throws Exception {
    var own = newKey(user, Environment.LIVE, "jobs:write");

    assertProblem(post(own, job, payload("hello")), 409, "submit_as_job");
    assertProblem(run(UUID.randomUUID()), 409, "submit_as_job");
    sql("update jobs.jobs set state = 'failed' where id = '" + job + "'");
    assertProblem(run(job), 409, "submit_as_job");
    assertThat(held()).isZero();
    assertThat(engine.received).isEmpty();
  }

  @Test
  void a_cancelled_run_is_stopped_within_a_second_and_costs_what_was_reported() throws Exception {
    untilToldToEnd();
    run(job);
    awaitReported();

    cancel(job);
    var asked = System.nanoTime();

    assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
    awaitState(job, "cancelled");
    assertThat(held()).isZero();
    assertThat(used(user)).isEqualTo(3);
    assertThat(
            number(
                "select count(*) from compute.ledger where outcome = 'cancelled' and held = 15 and job_id = '"
                    + job
                    + "'"))
        .isEqualTo(1);
    assertProblem(run(job), 409, "job_cancelled");
  }

  @Test
  void a_cancelled_run_costs_nothing_where_the_operation_says_so() throws Exception {
    operation(LONG.formatted(name, engine.address()) + "charge_on_cancel: nothing\n");
    untilToldToEnd();
    run(job);
    awaitReported();

    cancel(job);

    awaitState(job, "cancelled");
    assertThat(used(user)).isZero();
    assertThat(held()).isZero();
    assertThat(charges(user)).isZero();
  }

  @Test
  void a_job_that_was_cancelled_first_is_not_started() throws Exception {
    cancel(job);

    assertProblem(run(job), 409, "job_cancelled");
    assertThat(held()).isZero();
  }

  @Test
  void a_cancel_and_an_end_at_the_same_time_end_a_run_once() throws Exception {
    long charged = 0;
    for (int i = 0; i < 20; i++) {
      var one = newJob(user);
      // A run that was cancelled early enough has never called its engine, or calls it late.
      var calls = engine.received.size();
      run(one);
      if (i % 2 == 0) {
        await().until(() -> engine.received.size() > calls);
      }
      cancel(one);
      await()
          .untilAsserted(
              () -> assertThat(state(one)).as(failure(one)).isIn("succeeded", "cancelled"));

      assertThat(number("select count(*) from compute.results where job_id = '" + one + "'"))
          .isEqualTo(state(one).equals("succeeded") ? 1 : 0);
      charged +=
          number("select coalesce(sum(units), 0) from compute.ledger where job_id = '" + one + "'");
    }

    assertThat(held()).isZero();
    assertThat(used(user)).isEqualTo(charged).isLessThanOrEqualTo(60);
  }

  @Test
  void a_failed_attempt_is_kept_for_its_redelivery_and_the_next_attempt_runs_again()
      throws Exception {
    engine.now(lines("{\"log\":{\"message\":\"begun\"}}"));
    run(job);
    awaitState(job, "failed");
    assertThat(held()).isZero();

    assertProblem(run(job), 500, "engine_lost");
    engine.now(lines("{\"result\":{\"text\":\"done\"},\"units\":4}"));
    assertThat(run(job, 2).statusCode()).isEqualTo(202);
    awaitState(job, "succeeded");
    assertThat(epoch(job)).isEqualTo(2);
    assertThat(used(user)).isEqualTo(4);
  }

  @Test
  void what_the_engine_refuses_is_final() throws Exception {
    engine.now(
        answer("422 X", "", "{\"problem\":{\"code\":\"audio_unreadable\",\"detail\":\"x\"}}"));
    run(job);
    awaitState(job, "failed");

    assertThat(isFinal(job)).isTrue();
    assertProblem(run(job, 2), 422, "engine_refused");
    assertThat(engine.received).hasSize(1);
  }

  @Test
  void an_engine_that_is_busy_costs_no_attempt() throws Exception {
    engine.now(answer("429 X", "Retry-After: 7\r\n", ""));
    run(job);
    awaitState(job, "failed");

    assertThat(isFinal(job)).isFalse();
    assertThat(number("select retry_after from compute.runs where job_id = '" + job + "'"))
        .isBetween(7L, 8L);
    engine.now(result("Behalf-Units: 1\r\n", "{\"text\":\"done\"}"));
    assertThat(run(job).statusCode()).isEqualTo(202);
    awaitState(job, "succeeded");
  }

  @Test
  void a_metered_end_without_units_charges_the_last_usage() throws Exception {
    run(job);

    awaitState(job, "succeeded");
    assertThat(used(user)).isEqualTo(3);
  }

  @Test
  void the_run_of_a_lost_server_is_taken_at_the_next_epoch_and_what_the_first_brings_is_discarded()
      throws Exception {
    untilToldToEnd();
    run(job);
    awaitReported();

    lose(job);
    awaitState(job, "lost");
    assertThat(held()).isZero();
    assertThat(closed.await(5, TimeUnit.SECONDS)).as("the first stops").isTrue();

    engine.now(lines("{\"result\":{\"text\":\"done\"},\"units\":5}"));
    assertThat(run(job).statusCode()).isEqualTo(202);
    awaitState(job, "succeeded");
    assertThat(epoch(job)).isEqualTo(2);
    assertThat(used(user)).isEqualTo(5);
    assertThat(charges(user)).isEqualTo(1);
  }

  @Test
  void a_job_that_three_servers_were_lost_with_ends() throws Exception {
    untilToldToEnd();
    for (int i = 1; i <= 3; i++) {
      assertThat(run(job).statusCode()).isEqualTo(202);
      assertThat(epoch(job)).isEqualTo(i);
      lose(job);
      awaitState(job, i < 3 ? "lost" : "failed");
    }

    assertThat(isFinal(job)).isTrue();
    assertProblem(run(job), 500, "run_lost");
    assertThat(held()).isZero();
  }

  @Test
  void a_run_that_nothing_works_on_ends_as_lost() throws Exception {
    // As if the answer to the commit that opened it had been lost.
    var replica = text("select id from compute.replicas order by seen_at desc limit 1");
    sql(
        """
        insert into compute.quota values ('%1$s', 'live', to_char(now() at time zone 'UTC', 'YYYY-MM'), 100, 0)
          on conflict do nothing;
        insert into compute.holds (user_id, job_id, environment, operation, operation_version, fingerprint, units, period,
                                   day, held_at, lease_until)
        values ('%1$s', '%2$s', 'live', 'any', 1, '\\x00', 5, to_char(now() at time zone 'UTC', 'YYYY-MM'), now()::date,
                now(), now() + interval '100 years');
        update compute.quota set held = 5 where user_id = '%1$s';
        insert into compute.runs (user_id, job_id, environment, epoch, state, replica, operation, operation_version,
                                  fingerprint, attempt, started_at)
        values ('%1$s', '%2$s', 'live', 1, 'open', '%3$s', 'any', 1, '\\x00', 1, now())
        """
            .formatted(user, job, replica));

    awaitState(job, "lost");
    assertThat(held()).isZero();
  }

  @Test
  void a_message_that_comes_again_after_its_job_was_put_off_fails_nothing() throws Exception {
    sql(
        "update jobs.jobs set state = 'queued', not_before = now() + interval '1 minute' where id = '"
            + job
            + "'");

    assertProblem(run(job), 503, "busy");
    assertThat(held()).isZero();
  }

  @Test
  void a_run_of_a_disabled_account_is_stopped_and_handed_back() throws Exception {
    untilToldToEnd();
    run(job);
    awaitReported();

    sql("update accounts.users set disabled_at = now() where id = '" + user + "'");

    assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
    awaitState(job, "handed_back");
    assertThat(held()).isZero();
    assertThat(used(user)).isZero();
  }

  @Test
  void a_run_of_a_deleted_account_is_stopped() throws Exception {
    untilToldToEnd();
    run(job);
    awaitReported();

    sql("delete from accounts.users where id = '" + user + "'");

    assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_run_goes_on_when_its_key_is_revoked() throws Exception {
    untilToldToEnd();
    run(job);
    awaitReported();

    sql("update accounts.api_keys set revoked_at = now() where user_id = '" + user + "'");
    end.countDown();

    awaitState(job, "succeeded");
    assertThat(used(user)).isEqualTo(4);
  }

  @Test
  void a_run_that_finds_no_place_at_its_engine_waits() throws Exception {
    untilToldToEnd();
    run(newJob(user));
    run(newJob(user));

    assertProblem(run(job), 503, "busy");
    assertThat(held()).isEqualTo(30);
  }

  @Test
  void a_run_is_refused_without_the_units_that_it_may_cost() throws Exception {
    sql("update compute.quota set limit_units = 14 where user_id = '" + user + "'");

    assertProblem(run(job), 429, "quota_exceeded");
    assertThat(engine.received).isEmpty();
    assertThat(number("select count(*) from compute.runs where job_id = '" + job + "'")).isZero();
  }

  @Test
  void what_the_engine_says_is_written_in_order_and_parts_of_the_output_are_joined()
      throws Exception {
    engine.now(
        lines(
            "{\"progress\":{\"fraction\":0.2,\"message\":\"page 2\",\"other\":1}}",
            "{\"output\":{\"delta\":\"Dear \"}}",
            "{\"output\":{\"delta\":\"Ms 🦄 \"}}",
            "{\"log\":{\"message\":\"model loaded\"}}",
            "{\"output\":{\"delta\":\"Lovelace\"}}",
            "{\"usage\":{\"units\":2}}",
            "{\"result\":{\"text\":\"done\"},\"units\":4}"));

    run(job);

    awaitState(job, "succeeded");
    assertThat(
            text(
                """
                select string_agg(data::jsonb ->> 'delta', '' order by seq) from compute.events
                where name = 'output' and job_id = '%s'
                """
                    .formatted(job)))
        .isEqualTo("Dear Ms 🦄 Lovelace");
    assertThat(events(job))
        .startsWith("1000000 progress {\"fraction\":0.2,\"message\":\"page 2\"}\n1000001 output ")
        .contains("log {\"message\":\"model loaded\"}")
        .endsWith("usage {\"units\":2}");
    assertThat(events(job).lines()).as("two parts are one event").hasSizeLessThan(7);
  }

  @Test
  void the_events_of_the_next_run_begin_with_a_restart() throws Exception {
    engine.now(lines("{\"output\":{\"delta\":\"Dear\"}}"));
    run(job);
    awaitState(job, "failed");

    engine.now(
        lines("{\"output\":{\"delta\":\"Hello\"}}", "{\"result\":{\"text\":\"x\"},\"units\":1}"));
    run(job, 2);

    awaitState(job, "succeeded");
    assertThat(events(job))
        .isEqualTo(
            """
            1000000 output {"delta":"Dear"}
            2000000 restart {"attempt":2}
            2000001 output {"delta":"Hello"}""");
  }

  @Test
  void what_an_engine_says_is_cut_where_it_is_too_much() throws Exception {
    var part = "{\"output\":{\"delta\":\"" + "x".repeat(100_000) + "\"}}";
    engine.now(
        out -> {
          begin(out);
          for (int i = 0; i < 60; i++) {
            chunk(out, part + "\n");
          }
          chunk(out, "{\"result\":{\"text\":\"done\"},\"units\":4}\n");
          chunk(out, "");
        });

    run(job);

    awaitState(job, "succeeded");
    assertThat(number("select sum(length(data)) from compute.events where job_id = '" + job + "'"))
        .isBetween(4_000_000L, 4_300_000L);
    assertThat(number("select max(length(data)) from compute.events where job_id = '" + job + "'"))
        .isLessThan(40_000);
    assertThat(
            text(
                "select name from compute.events where job_id = '%s' order by seq desc limit 1"
                    .formatted(job)))
        .isEqualTo("truncated");
  }

  private static String failure(UUID id) {
    return text(
        "select coalesce(max(code || ' ' || detail), '') from compute.runs where job_id = '"
            + id
            + "'");
  }

  private static String events(UUID id) {
    return text(
        "select coalesce(string_agg(seq || ' ' || name || ' ' || data, chr(10) order by seq), '') from compute.events where job_id = '"
            + id
            + "'");
  }

  /** Has the engine report three units and send heartbeats until it is told to end. */
  private void untilToldToEnd() {
    engine.now(
        out -> {
          begin(out);
          chunk(out, "{\"usage\":{\"units\":3}}\n");
          try {
            while (!end.await(20, TimeUnit.MILLISECONDS)) {
              chunk(out, "\n");
            }
            chunk(out, "{\"result\":{\"text\":\"done\"},\"units\":4}\n");
            chunk(out, "");
          } catch (IOException cut) {
            closed.countDown();
          }
        });
  }

  private HttpResponse<String> run(UUID id) throws Exception {
    return run(id, 1);
  }

  private HttpResponse<String> run(UUID id, int attempt) throws Exception {
    return start(id, attempt, payload("hello"));
  }

  private String payload(String text) {
    return "{\"operation\":\"" + name + "\",\"text\":\"" + text + "\"}";
  }

  private static void lose(UUID id) {
    sql("update compute.runs set replica = gen_random_uuid() where job_id = '" + id + "'");
  }

  private void awaitCalls(int calls) {
    await().untilAsserted(() -> assertThat(engine.received).hasSize(calls));
  }

  /** Waits until this server has read the first line of the engine. */
  private void awaitReported() {
    var server = "http://" + engine.address().getAuthority();
    await()
        .pollDelay(Duration.ofMillis(200))
        .untilAsserted(
            () ->
                assertThat(
                        number(
                            "select count(*) from compute.engines where answered_at is not null and server = '"
                                + server
                                + "'"))
                    .isEqualTo(1));
  }
}
