package dev.behalf.web.work.outcomes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Started;
import dev.behalf.contract.JobPayload;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.TestDefinitions;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs of long operations: a run decides how each goes on. */
class RunningJobsTest extends WebAppTest {

  private static final Duration A_WHILE = Duration.ofSeconds(1);
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  private final String name = "long-" + UUID.randomUUID().toString().substring(0, 8);
  private Person ada;

  @BeforeEach
  void apply() throws Exception {
    emptyQueues();
    ada = signUp();
    var yaml =
        """
        name: %s
        title: Anything
        input: {type: object, properties: {text: {type: string}}}
        units: {name: token, metered: {max: 30}}
        run: long
        limits: {at_once: 3, at_once_per_user: 2}
        engine: {http: 'http://10.0.0.1/run'}
        """
            .formatted(name);
    try (var connection = DATABASE.connect(DATABASE.roles().web())) {
      TestDefinitions.apply(connection, yaml, "test");
    }
    await().until(() -> ada.page("/api/v1/operations/" + name).statusCode() == 200);
  }

  @AfterEach
  void clear() {
    retire(name);
    sql("delete from jobs.jobs where operation = '" + name + "'");
    sql("delete from compute.runs where operation = '" + name + "'");
  }

  @Test
  void a_job_runs_from_the_word_of_its_worker_to_the_end_of_its_run() throws Exception {
    var job = running();

    assertThat(ada.job(job).required("state").asString()).isEqualTo("running");
    succeed(job, 12);

    awaitState(job, "succeeded");
    assertThat(ada.job(job).required("units").asLong()).isEqualTo(12);
    assertThat(ada.job(job).required("hops").toString()).contains("started", "ended", "settled");
  }

  @Test
  void a_run_that_ends_before_its_worker_has_said_a_word_ends_its_job() throws Exception {
    var job = dispatched();
    open(job, 1);
    succeed(job, 12);

    awaitState(job, "succeeded");
    report(ada, job, new Started());
    await().during(A_WHILE).until(() -> state(job).equals("succeeded"));
  }

  @Test
  void no_worker_ends_a_job_while_a_run_of_it_is_open() throws Exception {
    var job = running();

    report(ada, job, new Failed("job_cancelled", "No."));

    await().during(A_WHILE).until(() -> state(job).equals("running"));
  }

  @Test
  void running_jobs_keep_their_places_and_quick_jobs_pass_them() throws Exception {
    running();
    running();
    var third = submit();
    var quick = ada.submit(Environment.LIVE, JobPayload.of("echo", "quick"));

    await().until(() -> state(quick).equals("dispatched"));
    await().during(A_WHILE).until(() -> state(third).equals("queued"));
    assertThat(ada.job(third).required("waiting").required("reason").asString()).isEqualTo("cap");

    var ben = signUp();
    var his = ben.submit(Environment.LIVE, JobPayload.of(name, "x"));
    await().until(() -> state(his).equals("dispatched"));
    var next = ben.submit(Environment.LIVE, JobPayload.of(name, "x"));
    await().during(A_WHILE).until(() -> state(next).equals("queued"));
    assertThat(ben.job(next).required("waiting").required("reason").asString()).isEqualTo("places");
  }

  @Test
  void a_lost_run_is_no_attempt_and_its_job_is_sent_again_at_once() throws Exception {
    var job = running();

    end(job, "lost", null);

    await()
        .atMost(AT_ONCE)
        .until(() -> state(job).equals("dispatched") && number(of(job, "run_epoch")) == 1);
    assertThat(number(of(job, "attempt"))).isEqualTo(1);
    report(ada, job, new Started());
    await().during(A_WHILE).until(() -> state(job).equals("dispatched"));
    open(job, 2);
    report(ada, job, new Started());
    awaitState(job, "running");
  }

  @Test
  void a_run_that_failed_is_an_attempt_and_a_final_one_ends_the_job() throws Exception {
    var job = running();
    end(job, "failed", "engine_lost");
    await().until(() -> state(job).equals("queued") || state(job).equals("dispatched"));
    await().until(() -> state(job).equals("dispatched"));
    assertThat(number(of(job, "attempt"))).isEqualTo(2);

    open(job, 2);
    sql("update compute.runs set attempt = 2 where job_id = '" + job + "'");
    report(ada, job, new Started());
    awaitState(job, "running");
    sql("update compute.runs set is_final = true where job_id = '" + job + "'");
    end(job, "failed", "engine_refused");

    awaitState(job, "failed");
    assertThat(ada.job(job).required("code").asString()).isEqualTo("engine_refused");
  }

  @Test
  void a_lease_that_ends_while_a_run_is_open_leaves_the_job_running() throws Exception {
    var job = dispatched();
    open(job, 1);

    sql("update jobs.jobs set lease_until = now() - interval '1 second' where id = '" + job + "'");

    awaitState(job, "running");
    succeed(job, 1);
    awaitState(job, "succeeded");
  }

  @Test
  void a_running_job_is_cancelled_when_its_run_has_stopped_and_costs_what_it_cost()
      throws Exception {
    var job = running();

    var asked = cancel(job);
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(200);
    assertThat(asked.body()).contains("\"state\":\"running\"", "cancel_asked_at");
    assertThat(cancel(job).statusCode()).isEqualTo(200);
    assertThat(ada.page("/jobs/" + job).body()).contains("Its engine is stopping");
    await().during(A_WHILE).until(() -> state(job).equals("running"));
    charge(job, 7, "cancelled");
    end(job, "cancelled", null);

    awaitState(job, "cancelled");
    assertThat(ada.job(job).required("units").asLong()).isEqualTo(7);
    assertThat(cancel(job).statusCode()).isEqualTo(200);
  }

  @Test
  void a_job_whose_run_has_succeeded_first_cannot_be_cancelled() throws Exception {
    var job = dispatched();
    open(job, 1);
    // Stored as one, as compute-server does; web-app hears of it only with the next poll.
    succeed(job, 12);

    assertThat(cancel(job).statusCode()).isEqualTo(409);
    awaitState(job, "succeeded");
  }

  private HttpResponse<String> cancel(UUID job) throws Exception {
    return ada.post("/api/v1/jobs/" + job + "/cancellation", new byte[0]);
  }

  private UUID submit() throws Exception {
    return ada.submit(Environment.LIVE, JobPayload.of(name, "x"));
  }

  private UUID dispatched() throws Exception {
    var job = submit();
    awaitState(job, "dispatched");
    return job;
  }

  private UUID running() throws Exception {
    var job = dispatched();
    open(job, 1);
    report(ada, job, new Started());
    awaitState(job, "running");
    return job;
  }

  /** Opens a run as compute-server does. */
  private void open(UUID job, int epoch) {
    sql(
        """
        insert into compute.runs (user_id, job_id, environment, epoch, state, replica, operation, operation_version,
                                  fingerprint, attempt, started_at)
        values ('%s', '%s', 'live', %d, 'open', gen_random_uuid(), '%s', 1, '\\x00', 1, now())
        on conflict (user_id, job_id, environment)
          do update set epoch = excluded.epoch, state = 'open', ended_at = null, code = null
        """
            .formatted(userId(ada), job, epoch, name));
  }

  private void succeed(UUID job, long units) {
    saved(userId(ada), job, "live", units, "k12345678901");
    end(job, "succeeded", null);
  }

  private void charge(UUID job, long units, String outcome) {
    sql(
        """
        insert into compute.ledger (user_id, job_id, environment, period, operation, operation_version, units, key_id,
                                    created_at, outcome, held)
        values ('%s', '%s', 'live', to_char(now() at time zone 'UTC', 'YYYY-MM'), '%s', 1, %d, 'k12345678901', now(), '%s',
                30)
        """
            .formatted(userId(ada), job, name, units, outcome));
  }

  private static void end(UUID job, String state, @Nullable String code) {
    sql(
        """
        update compute.runs set state = '%s', ended_at = now(), code = %s, detail = 'It ended.' where job_id = '%s'
        """
            .formatted(state, code == null ? "null" : "'" + code + "'", job));
  }

  private static void awaitState(UUID job, String expected) {
    await().untilAsserted(() -> assertThat(state(job)).isEqualTo(expected));
  }

  private static String state(UUID job) {
    return text(of(job, "state"));
  }

  private static String of(UUID job, String column) {
    return "select " + column + " from jobs.jobs where id = '" + job + "'";
  }
}
