package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobPayload;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Person;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Whose it is: no credential leaves its place, and no identifier of another user's object opens it.
 */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class YoursOnlyTest {

  private BehalfSystem behalf;

  @BeforeAll
  void start() throws Exception {
    behalf = BehalfSystem.shared();
  }

  @Test
  void no_key_is_in_a_queue_a_dead_letter_or_a_log() throws Exception {
    var ada = behalf.signUp();
    var seen = new StringBuilder();
    // Copies of everything that goes through both exchanges, taken beside the workers.
    try (var connection = behalf.broker().connect();
        var channel = connection.createChannel()) {
      for (var tap :
          List.of(
              List.of(JobMessage.EXCHANGE, "live"),
              List.of(JobMessage.EXCHANGE, "test"),
              List.of(JobOutcome.EXCHANGE, JobOutcome.QUEUE))) {
        var queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, tap.getFirst(), tap.getLast());
        channel.basicConsume(
            queue,
            true,
            (tag, delivery) -> {
              synchronized (seen) {
                seen.append(delivery.getProperties())
                    .append(new String(delivery.getBody(), StandardCharsets.UTF_8))
                    .append('\n');
              }
            },
            tag -> {});
      }
      for (var operation : List.of("echo", "embed")) {
        for (var environment : Environment.values()) {
          finished(ada, ada.submit(environment, JobPayload.of(operation, "whose is it?")));
        }
      }
      // Dead letters of other tests are in the queue of the shared system.
      var before = channel.messageCount(JobMessage.DEAD_QUEUE);
      channel.basicPublish(
          JobMessage.EXCHANGE, "live", null, "junk".getBytes(StandardCharsets.UTF_8));
      await().until(() -> channel.messageCount(JobMessage.DEAD_QUEUE) > before);
      for (var dead = channel.basicGet(JobMessage.DEAD_QUEUE, true);
          dead != null;
          dead = channel.basicGet(JobMessage.DEAD_QUEUE, true)) {
        seen.append(new String(dead.getBody(), StandardCharsets.UTF_8));
      }
    }
    var written = seen + behalf.logs();

    assertThat(seen).contains("whose is it?").contains("succeeded");
    assertThat(behalf.count("select count(*) from accounts.api_keys")).isGreaterThanOrEqualTo(2);
    assertThat(ApiKeyFormat.PATTERN.matcher(written).find())
        .as("something of the shape of a key")
        .isFalse();
    assertThat(written).doesNotContain("Api-Key bh_").doesNotContain("correct horse");
  }

  @Test
  void another_users_identifiers_open_nothing() throws Exception {
    var ada = behalf.signUp();
    var job = ada.submit(Environment.LIVE, JobPayload.of("echo", "secret of Ada"));
    finished(ada, job);
    var eve = behalf.signUp();

    for (var path : List.of("/jobs/" + job, "/jobs/" + job + "/view", "/api/v1/jobs/" + job)) {
      assertThat(ada.page(path).statusCode()).as(path).isEqualTo(200);
      assertThat(eve.page(path).statusCode()).as(path).isEqualTo(404);
      assertThat(eve.page(path).body()).as(path).doesNotContain("secret of Ada");
    }
    assertThat(eve.page("/api/v1/jobs?cursor=" + job).body()).doesNotContain("secret of Ada");
    assertThat(eve.page("/jobs/rows").body()).doesNotContain("secret of Ada");
    assertThat(eve.page("/api/v1/usage").body()).contains("\"used\":0");
  }

  @Test
  void every_line_of_a_job_says_which_whose_and_in_what_environment() throws Exception {
    var ada = behalf.signUp();
    finished(ada, ada.submit(Environment.TEST, JobPayload.of("echo", "lines")));
    var id = ada.jobs().getFirst().required("id").asString();

    await().until(() -> behalf.logs().contains(id));
    assertThat(behalf.logs().lines().filter(line -> line.contains(id)))
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("\"job_id\":\"" + id)
                    .contains("\"user_id\":")
                    .contains("\"environment\":\"test\""));
  }

  @Test
  void the_trace_of_the_click_reaches_compute_server() throws Exception {
    var ada = behalf.signUp();
    var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    var body =
        "{\"payload\":{\"operation\":\"echo\",\"text\":\"traced\"}}"
            .getBytes(StandardCharsets.UTF_8);
    ada.post("/api/v1/jobs", body, "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");
    var id = UUID.fromString(ada.jobs().getFirst().required("id").asString());
    finished(ada, id);

    // The same job again is a replay, which compute-server writes a line about.
    assertThat(
            behalf.count(
                "select count(*) from jobs.jobs where traceparent like '00-" + trace + "-%'"))
        .isEqualTo(1);
    assertThat(
            behalf
                .logs()
                .lines()
                .filter(line -> line.contains(trace) && line.contains("\"name\":\"worker\"")))
        .isNotEmpty();
  }

  private static void finished(Person person, UUID id) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> person.job(id).path("finished_at").isString());
  }
}
