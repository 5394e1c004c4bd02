package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Person;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Keys change while jobs run and requests come in. */
@Tag("scenarios")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeysTest {

  private static final String PASSWORD = "correct horse battery staple";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private BehalfSystem behalf;

  @BeforeAll
  void start() throws Exception {
    behalf = BehalfSystem.shared();
  }

  @Test
  void a_rotation_and_a_revocation_among_2000_jobs_fail_none_of_them() throws Exception {
    var jobs = 2_000;
    var ada = behalf.signUp();
    try (var clients = Executors.newFixedThreadPool(4)) {
      var queued = queue(ada, jobs, clients);
      awaitDone(ada, jobs / 4);
      change(ada, inUse(ada), "rotation", "{\"overlap\":\"15m\"}");
      awaitDone(ada, jobs / 2);
      change(ada, inUse(ada), "revocation", "");
      awaitDone(ada, 3 * jobs / 4);
      change(ada, inUse(ada), "revocation", "");
      for (var job : queued) {
        job.get();
      }
    }
    awaitDone(ada, jobs);

    var mine =
        " where user_id = (select id from accounts.users where email = '" + ada.email() + "')";
    assertThat(behalf.count("select count(*) from jobs.jobs" + mine + " and state = 'succeeded'"))
        .isEqualTo(jobs);
    assertThat(behalf.count("select count(distinct key_id) from compute.ledger" + mine))
        .as("keys that were charged with")
        .isEqualTo(3);
    assertThat(
            behalf.count(
                "select count(*) from compute.ledger join accounts.api_keys k using (user_id, key_id)"
                    + mine
                    + " and (ledger.created_at > k.revoked_at + interval '2 seconds' or ledger.created_at < k.created_at)"))
        .as("results by a key that was not valid at that moment")
        .isZero();
    assertThat(behalf.violatedInvariants()).isEmpty();
  }

  @Test
  void a_revoked_key_is_refused_by_each_replica_within_a_second() throws Exception {
    var replicas = List.of(behalf.compute(), behalf.anotherCompute());
    var ada = behalf.signUp();
    var millis = new ArrayList<Long>();
    for (int i = 0; i < 20; i++) {
      var key = issue(ada);
      for (var replica : replicas) {
        assertThat(status(replica, key)).isEqualTo(200);
      }
      post(ada, "/api/v1/keys/" + id(key) + "/revocation", "");
      var revoked = System.nanoTime();
      for (var replica : replicas) {
        await()
            .atMost(Duration.ofSeconds(1))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> status(replica, key) == 401);
      }
      millis.add(Duration.ofNanos(System.nanoTime() - revoked).toMillis());
    }
    System.out.printf(
        "from the answer to a revocation to the refusal by both replicas, 20 times: worst %d ms%n",
        millis.stream().mapToLong(Long::longValue).max().orElseThrow());
    behalf.endAnotherCompute();
  }

  @Test
  void an_account_that_is_deleted_while_its_jobs_run_leaves_nothing_behind() throws Exception {
    var ada = behalf.signUp();
    var user =
        "'"
            + behalf.text("select id::text from accounts.users where email = '" + ada.email() + "'")
            + "'";
    try (var clients = Executors.newFixedThreadPool(4)) {
      for (var job : queue(ada, 300, clients)) {
        job.get();
      }
    }

    var answer = ada.form("/settings/deletion", Map.of("password", PASSWORD));

    assertThat(answer.uri().toString()).endsWith("/signin?deleted");
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> {
              assertThat(waiting()).as("messages that are left").isZero();
              for (var table :
                  List.of(
                      "jobs.jobs",
                      "jobs.lanes",
                      "compute.results",
                      "compute.ledger",
                      "compute.quota",
                      "accounts.api_keys")) {
                assertThat(
                        behalf.count("select count(*) from " + table + " where user_id = " + user))
                    .as(table)
                    .isZero();
              }
            });
    assertThat(behalf.violatedInvariants()).isEmpty();
    var eve = behalf.signUp();
    var job = eve.submit(Environment.LIVE, JobPayload.of("echo", "still alive"));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> eve.job(job).path("state").asString("").equals("succeeded"));
  }

  @Test
  void a_hundred_thousand_malformed_headers_are_refused_and_leave_no_trace() throws Exception {
    var ada = behalf.signUp();
    var key = issue(ada);
    var result = new ArrayList<MalformedHeaders.Result>();
    var memory = new ArrayList<Long>();
    // First, so that what is compared is not the warming up.
    for (var replica :
        List.of(behalf.web().resolve("/api/v1/me"), behalf.compute().resolve("/v1/me"))) {
      MalformedHeaders.send(replica, key, 5_000, 1);
    }
    memory.add(heapAfterCollection());
    for (var replica :
        List.of(behalf.web().resolve("/api/v1/me"), behalf.compute().resolve("/v1/me"))) {
      result.add(MalformedHeaders.send(replica, key, 45_000, 2));
    }
    memory.add(heapAfterCollection());

    System.out.printf(
        "malformed headers: %s; live heap of both servers before %d MiB, after %d MiB%n",
        result, memory.getFirst() >> 20, memory.getLast() >> 20);
    assertThat(result)
        .allSatisfy(one -> assertThat(one.statuses().keySet()).isSubsetOf(400, 401, 403, 431));
    assertThat(result)
        .allSatisfy(
            one ->
                assertThat(one.statuses().values().stream().mapToInt(i -> i).sum())
                    .isEqualTo(45_000));
    assertThat(memory.getLast() - memory.getFirst())
        .as("growth of live heap in bytes")
        .isLessThan(24 << 20);
    assertThat(behalf.logs())
        .doesNotContain(ApiKeyFormat.parse(key).orElseThrow().secret().substring(0, 16));
    assertThat(ApiKeyFormat.PATTERN.matcher(behalf.logs()).find()).isFalse();
    assertThat(status(behalf.compute(), key)).isEqualTo(200);
  }

  private static List<Future<?>> queue(
      Person person, int jobs, java.util.concurrent.ExecutorService clients) {
    var queued = new ArrayList<Future<?>>();
    for (int i = 0; i < jobs; i++) {
      var text = "job " + i;
      queued.add(
          clients.submit(() -> person.submit(Environment.LIVE, JobPayload.of("echo", text))));
    }
    return queued;
  }

  private void awaitDone(Person person, int jobs) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                behalf.count(
                        "select count(*) from jobs.jobs j join accounts.users u on u.id = j.user_id where finished_at is not null and email = '"
                            + person.email()
                            + "'")
                    >= jobs);
  }

  /** The key that the last result came with. */
  private String inUse(Person person) {
    return behalf.text(
        "select key_id from compute.ledger l join accounts.users u on u.id = l.user_id where email = '"
            + person.email()
            + "' order by l.created_at desc limit 1");
  }

  private static void change(Person person, String key, String resource, String body)
      throws Exception {
    var answer = post(person, "/api/v1/keys/" + key + "/" + resource, body);
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
  }

  private static String issue(Person person) throws Exception {
    var answer =
        post(
            person,
            "/api/v1/keys",
            "{\"name\":\"a key\",\"environment\":\"live\",\"scopes\":[\"jobs:read\"]}");
    return StrictJson.MAPPER.readTree(answer.body()).required("secret").asString();
  }

  private static HttpResponse<String> post(Person person, String path, String body)
      throws Exception {
    return person.post(path, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String id(String key) {
    return ApiKeyFormat.parse(key).orElseThrow().keyId();
  }

  private static int status(URI compute, String key) throws Exception {
    return HTTP.send(
            HttpRequest.newBuilder(compute.resolve("/v1/me"))
                .header("Authorization", "Api-Key " + key)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private long waiting() throws Exception {
    try (var connection = behalf.broker().connect();
        var channel = connection.createChannel()) {
      return channel.messageCount(JobMessage.LIVE_QUEUE) + channel.messageCount(JobOutcome.QUEUE);
    }
  }

  /** What is still in use after a full collection, in bytes. */
  private long heapAfterCollection() throws Exception {
    long used = 0;
    for (var name : List.of("web-app", "compute-server")) {
      var service = behalf.service(name);
      var jcmd = java.nio.file.Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      assertThat(
              new ProcessBuilder(jcmd, String.valueOf(service.pid()), "GC.run").start().waitFor())
          .isZero();
      used += (long) Metrics.sum(service, "jvm_memory_used_bytes", "area=\"heap\"");
    }
    return used;
  }
}
