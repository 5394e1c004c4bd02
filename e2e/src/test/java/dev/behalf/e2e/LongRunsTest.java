package dev.behalf.e2e;

import static dev.behalf.engine.ScriptedEngine.begin;
import static dev.behalf.engine.ScriptedEngine.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.engine.ScriptedEngine;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.TestDefinitions;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Work that takes longer than a call, from the button to the receipt. */
@Tag("server")
class LongRunsTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private static BehalfSystem behalf;

  private final String name = "long-" + UUID.randomUUID().toString().substring(0, 8);
  private final CountDownLatch end = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private ScriptedEngine engine;
  private Person ada;

  @BeforeAll
  static void start() throws Exception {
    behalf = BehalfSystem.shared();
  }

  @BeforeEach
  void apply() throws Exception {
    engine = new ScriptedEngine(this::work);
    try (var connection = behalf.database()) {
      TestDefinitions.apply(
          connection,
          """
          name: %s
          title: Anything
          input: {type: object, properties: {text: {type: string}}}
          units: {name: second, metered: {max: 50}}
          run: long
          limits: {run_within: 2h, attempts: 3}
          engine: {http: '%s'}
          """
              .formatted(name, engine.address()),
          "test");
    }
    ada = behalf.signUp();
    await().until(() -> ada.page("/api/v1/operations/" + name).statusCode() == 200);
  }

  @AfterEach
  void stop() throws Exception {
    end.countDown();
    engine.close();
    assertThat(behalf.violatedInvariants()).isEmpty();
  }

  private void work(OutputStream out) throws Exception {
    begin(out);
    chunk(out, "{\"usage\":{\"units\":3}}\n");
    chunk(out, "{\"progress\":{\"fraction\":0.4,\"message\":\"page 4 of 10\"}}\n");
    chunk(out, "{\"output\":{\"delta\":\"Dear Ms \"}}\n");
    try {
      while (!end.await(20, TimeUnit.MILLISECONDS)) {
        chunk(out, "\n");
      }
      chunk(out, "{\"result\":{\"text\":\"done\"},\"units\":31}\n");
      chunk(out, "");
    } catch (IOException cut) {
      closed.countDown();
    }
  }

  @Test
  void a_job_runs_for_as_long_as_it_takes_and_is_charged_what_it_cost() throws Exception {
    var job = ada.submit(Environment.LIVE, JobPayload.of(name, "hello"));
    awaitState(job, "running");
    // The state is also that of a job whose worker has not yet begun.
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(ada.page("/jobs/" + job).body())
                    .contains("Running. You can close this page", "1 / 3"));
    assertThat(ada.page("/usage").body()).contains("50");

    end.countDown();

    awaitState(job, "succeeded");
    assertThat(ada.job(job).required("units").asLong()).isEqualTo(31);
    assertThat(ada.page("/jobs/" + job + "/receipt").body()).contains("31", "50");
    assertThat(engine.received).hasSize(1);
  }

  @Test
  void what_the_engine_says_reaches_its_owner_while_it_says_it() throws Exception {
    var job = ada.submit(Environment.LIVE, JobPayload.of(name, "hello"));
    awaitState(job, "running");
    awaitProgress(job);

    var stream = new FutureTask<>(() -> ada.page("/api/v1/jobs/" + job + "/events"));
    Thread.ofVirtual().start(stream);
    end.countDown();

    assertThat(stream.get(30, TimeUnit.SECONDS).body())
        .contains(
            "event:progress", "event:output", "Dear Ms", "event:usage", "event:end", "succeeded")
        .contains("id:1000000\n", "id:9000000000000000\n");
  }

  @Test
  void a_running_job_is_stopped_within_a_second_and_costs_what_was_reported() throws Exception {
    var job = ada.submit(Environment.LIVE, JobPayload.of(name, "hello"));
    awaitState(job, "running");
    awaitProgress(job);
    await()
        .until(
            () ->
                behalf.count("select count(*) from compute.engines where answered_at is not null")
                    > 0);

    ada.post("/api/v1/jobs/" + job + "/cancellation", new byte[0]);
    var asked = System.nanoTime();

    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
    awaitState(job, "cancelled");
    assertThat(ada.job(job).required("units").asLong()).isEqualTo(3);
    assertThat(ada.page("/jobs/" + job + "/receipt").body()).contains("cancelled");
  }

  /** Waits until the page shows what the engine has said. */
  private void awaitProgress(UUID job) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(ada.page("/jobs/" + job).body()).contains("page 4 of 10", "Dear Ms"));
  }

  private void awaitState(UUID job, String expected) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(ada.job(job).required("state").asString()).isEqualTo(expected));
  }
}
