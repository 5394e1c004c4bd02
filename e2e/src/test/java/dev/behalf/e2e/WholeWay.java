package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.RawJson;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Person;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold on every broker: one click, one result, one charge. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WholeWay {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String STILL_LONG =
      "select count(*) from jobs.jobs where length(payload) > 60000 and state <> 'succeeded'";

  BehalfSystem behalf;

  abstract BehalfSystem system() throws Exception;

  @BeforeAll
  void start() throws Exception {
    behalf = system();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classify", "keywords", "summarize", "similarity", "embed", "echo"})
  void each_operation_ends_with_one_result_and_one_charge(String operation) throws Exception {
    var ada = behalf.signUp();

    var job = finished(ada, ada.submit(Environment.LIVE, example(operation)));

    assertThat(job.required("state").asString()).isEqualTo("succeeded");
    assertThat(job.required("result").isObject()).isTrue();
    assertThat(job.required("units").asLong()).isPositive().isEqualTo(used(ada, Environment.LIVE));
    assertThat(job.required("hops").valueStream().map(hop -> hop.required("station").asString()))
        .as("%s", job)
        .containsExactly(
            "submitted",
            "dispatched",
            "taken",
            "verified",
            "key_found",
            "received",
            "computed",
            "charged",
            "answered",
            "settled");
    assertThat(behalf.violatedInvariants()).isEmpty();
  }

  @Test
  void a_test_job_touches_nothing_live() throws Exception {
    var ada = behalf.signUp();

    var job = finished(ada, ada.submit(Environment.TEST, JobPayload.of("echo", "hi")));

    assertThat(job.required("state").asString()).isEqualTo("succeeded");
    assertThat(used(ada, Environment.TEST)).isEqualTo(1);
    assertThat(used(ada, Environment.LIVE)).isZero();
    assertThat(behalf.violatedInvariants()).isEmpty();
  }

  @Test
  void the_same_job_delivered_again_is_computed_and_charged_once() throws Exception {
    var ada = behalf.signUp();
    var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "again"));
    finished(ada, id);
    var replays = metric("compute-server", "behalf_compute_replays_total");

    try (var connection = behalf.broker().connect();
        var channel = connection.createChannel()) {
      for (int i = 0; i < 5; i++) {
        publish(channel, message(userId(ada), id, "again"), true);
      }
    }

    // The worker still holds this user's key, so each delivery goes all the way to compute-server.
    await()
        .atMost(SOON)
        .until(() -> metric("compute-server", "behalf_compute_replays_total") >= replays + 5);
    assertThat(used(ada, Environment.LIVE)).isEqualTo(1);
    assertThat(ada.job(id).required("state").asString()).isEqualTo("succeeded");
    assertThat(behalf.violatedInvariants()).isEmpty();
  }

  @Test
  void what_is_no_job_of_ours_becomes_a_dead_letter_and_nothing_is_looked_up() throws Exception {
    var ada = behalf.signUp();
    var job = message(userId(ada), UUID.randomUUID(), "forged");
    var lookups = metric("worker", "behalf_worker_lookups_total");
    var dead = deadLetters();

    try (var connection = behalf.broker().connect();
        var channel = connection.createChannel()) {
      publish(channel, job, false);
      var altered =
          new String(job, StandardCharsets.UTF_8)
              .replace("forged", "FORGED")
              .getBytes(StandardCharsets.UTF_8);
      publish(channel, altered, behalf.messageSecrets().seal(job));
      publish(channel, "not json".getBytes(StandardCharsets.UTF_8), true);
      publish(
          channel,
          new String(job, StandardCharsets.UTF_8)
              .replace("\"v\":1", "\"v\":99")
              .getBytes(StandardCharsets.UTF_8),
          true);
      publish(channel, new byte[10 * 1024 * 1024], true);
    }

    await().atMost(SOON).until(() -> deadLetters() == dead + 5);
    assertThat(metric("worker", "behalf_worker_lookups_total")).isEqualTo(lookups);
    var after = finished(ada, ada.submit(Environment.LIVE, JobPayload.of("echo", "still alive")));
    assertThat(after.required("state").asString()).isEqualTo("succeeded");
  }

  @Test
  void a_worker_killed_between_the_commit_and_its_acknowledgement_costs_nothing() throws Exception {
    var ada = behalf.signUp();
    var ids = new ArrayList<UUID>();
    for (int i = 0; i < 100; i++) {
      ids.add(
          ada.submit(
              Environment.LIVE,
              JobPayload.of("summarize", "One is enough. Two are more. Job " + i + ".")));
    }
    await().atMost(SOON).until(() -> behalf.count("select count(*) from compute.results") > 0);

    behalf.service("worker").kill();
    behalf.restart("worker");

    for (var id : ids) {
      assertThat(finished(ada, id).required("state").asString()).isEqualTo("succeeded");
    }
    assertThat(behalf.violatedInvariants()).isEmpty();
  }

  @Test
  void as_many_of_the_longest_texts_as_a_worker_holds_at_once_end_no_process() throws Exception {
    behalf.service("worker").kill();
    // No more than 100 jobs of one user are out at a time.
    for (int i = 0; i < 4; i++) {
      var person = behalf.signUp();
      for (int j = 0; j < 100; j++) {
        person.submit(Environment.LIVE, JobPayload.of("echo", "long ".repeat(13_000)));
      }
    }

    behalf.restart("worker");

    await().atMost(SOON).until(() -> behalf.count(STILL_LONG) == 0);
    for (var service : List.of("web-app", "worker", "compute-server")) {
      assertThat(behalf.service(service).isAlive()).as(service).isTrue();
    }
    assertThat(behalf.violatedInvariants()).isEmpty();
  }

  @Test
  @Tag("scenarios")
  void compute_down_for_ten_seconds_among_200_jobs_delays_them_and_no_more() throws Exception {
    var ada = behalf.signUp();
    var ids = new ArrayList<UUID>();
    for (int i = 0; i < 200; i++) {
      ids.add(ada.submit(Environment.LIVE, JobPayload.of("echo", "job " + i)));
      if (i == 100) {
        behalf.service("compute-server").kill();
      }
    }
    var killed = Instant.now();
    await().atMost(SOON).until(() -> Duration.between(killed, Instant.now()).toSeconds() >= 10);
    behalf.restart("compute-server");

    for (var id : ids) {
      assertThat(finished(ada, id).required("state").asString()).isEqualTo("succeeded");
    }
    assertThat(used(ada, Environment.LIVE)).isEqualTo(200);
    assertThat(behalf.violatedInvariants()).isEmpty();
  }

  @Test
  void the_time_from_click_to_event_is_reported() throws Exception {
    var ada = behalf.signUp();
    var millis = new ArrayList<Double>();
    try (var events = Events.open(behalf.web(), ada)) {
      for (int i = 0; i < 250; i++) {
        var start = System.nanoTime();
        var id = ada.submit(Environment.LIVE, JobPayload.of("echo", "click " + i));
        events.await(id, "succeeded");
        millis.add((System.nanoTime() - start) / 1e6);
      }
    }
    var warm = millis.subList(150, millis.size()).stream().sorted().toList();
    var report =
        "%s: from the POST to the SSE event, %d echo jobs one after the other: p50 %.1f ms, p95 %.1f ms, worst %.1f ms%n"
            .formatted(
                getClass().getSimpleName(),
                warm.size(),
                warm.get(warm.size() / 2),
                warm.get(warm.size() * 95 / 100),
                warm.getLast());
    System.out.print(report);
    Files.writeString(
        Path.of("target", "click-to-event-" + getClass().getSimpleName() + ".txt"), report);
    assertThat(warm).hasSize(100);
  }

  tools.jackson.databind.JsonNode finished(Person person, UUID id) {
    return await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> person.job(id), job -> job.path("finished_at").isString());
  }

  private static JobPayload example(String operation) {
    var input =
        StrictJson.MAPPER
            .createObjectNode()
            .put(
                "text",
                "The train was late again. Nobody told us why. The next one came after an hour.");
    switch (operation) {
      case "classify" -> {
        input.putArray("labels").add("delay").add("praise");
        input.putObject("examples").putArray("delay").add("My bus did not come.");
      }
      case "similarity" -> input.put("other", "We waited long for the train.");
      default -> {}
    }
    return JobPayload.of(operation, input);
  }

  private static long used(Person person, Environment environment) throws Exception {
    return person.usage(environment).required("used").asLong();
  }

  private UUID userId(Person person) throws Exception {
    try (var connection = behalf.database();
        var statement =
            connection.prepareStatement("select id from accounts.users where email = ?")) {
      statement.setString(1, person.email());
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getObject(1, UUID.class);
      }
    }
  }

  private static byte[] message(UUID userId, UUID jobId, String text) {
    return StrictJson.write(
        new JobMessage(
            JobMessage.VERSION,
            jobId,
            userId,
            Environment.LIVE,
            RawJson.of(JobPayload.of("echo", text)),
            1,
            Instant.EPOCH,
            null,
            null));
  }

  private void publish(com.rabbitmq.client.Channel channel, byte[] body, boolean signed)
      throws Exception {
    publish(channel, body, signed ? behalf.messageSecrets().seal(body) : null);
  }

  private static void publish(
      com.rabbitmq.client.Channel channel,
      byte[] body,
      @org.jspecify.annotations.Nullable String seal)
      throws Exception {
    var headers = new HashMap<String, Object>();
    if (seal != null) {
      headers.put(JobMessage.SIGNATURE, seal);
    }
    channel.confirmSelect();
    channel.basicPublish(
        JobMessage.EXCHANGE,
        "live",
        true,
        new AMQP.BasicProperties.Builder().headers(headers).deliveryMode(2).build(),
        body);
    channel.waitForConfirmsOrDie(30_000);
  }

  private long deadLetters() throws Exception {
    try (var connection = behalf.broker().connect();
        var channel = connection.createChannel()) {
      return channel.messageCount(JobMessage.DEAD_QUEUE);
    }
  }

  private double metric(String service, String name) throws Exception {
    return Metrics.sum(behalf.service(service), name);
  }
}
