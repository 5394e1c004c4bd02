package dev.behalf.e2e.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Verdict;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.RawJson;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.TestBroker;
import dev.behalf.testkit.faults.FaultProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * A worker as a process on a real broker, between a key look-up and a compute-server that answer
 * what the test says; and what a test needs to send it jobs and to see what it does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WorkerUnderTest {

  static final Duration SOON = Duration.ofSeconds(60);
  private static final String CALL_TIMEOUT = "5s";

  /**
   * The live jobs that a worker runs at once. The JDK's HTTP server closes idle connections above a
   * limit, and a worker that meets a closed one defers its job: the build sets a higher limit.
   */
  static final int LIVE_AT_ONCE = 256;

  private static final String TEXT = "a text that stays between its user and compute-server";

  final String older = BehalfSystem.secret();
  final String messageSecrets = "2:" + BehalfSystem.secret().substring(2) + "," + older;
  private final String lookupSecrets = "2:" + BehalfSystem.secret().substring(2) + "," + older;

  private TestBroker testBroker;
  private LeastRights user;
  FaultProxy link;
  WorkersBroker broker;
  ScriptedServers servers;
  WorkerProcess worker;

  /** The job of the test, of a user of its own. */
  JobMessage job = job(UUID.randomUUID(), Environment.LIVE);

  /** Returns the command that starts the worker. */
  abstract List<String> command();

  /** Returns the environment variables that only this worker needs. */
  Map<String, String> more() {
    return Map.of();
  }

  @BeforeAll
  void start() throws Exception {
    var command = command();
    testBroker = TestBroker.rabbitMq().orElseGet(TestBroker::embedded);
    link = new FaultProxy(testBroker.address().getPort());
    user = LeastRights.on(testBroker, link.port());
    broker = new WorkersBroker(testBroker, KeyRing.parse(messageSecrets));
    servers = new ScriptedServers(KeyRing.parse(lookupSecrets));
    var environment = new HashMap<>(more());
    environment.put("BEHALF_BROKER_URL", user.address().toString());
    environment.put("SPRING_RABBITMQ_ADDRESSES", user.address().toString());
    environment.put("BEHALF_LOOKUP_URL", servers.address().toString());
    environment.put("BEHALF_COMPUTE_URL", servers.address().toString());
    environment.put("BEHALF_MESSAGE_SECRETS", messageSecrets);
    environment.put("BEHALF_LOOKUP_SECRETS", lookupSecrets);
    environment.put("BEHALF_CONCURRENCY_LIVE", String.valueOf(LIVE_AT_ONCE));
    environment.put("BEHALF_CONCURRENCY_TEST", "8");
    environment.put("BEHALF_CALLTIMEOUT", CALL_TIMEOUT);
    worker = new WorkerProcess(command, environment, Files.createTempFile("behalf-worker", ".log"));
  }

  @BeforeEach
  void consume() throws Exception {
    if (!worker.isRunning()) {
      worker.start();
    }
    awaitConsumers();
    job = job(UUID.randomUUID(), Environment.LIVE);
  }

  private void awaitConsumers() {
    await()
        .atMost(SOON)
        .until(
            () ->
                broker.consumers(JobMessage.LIVE_QUEUE) > 0
                    && broker.consumers(JobMessage.TEST_QUEUE) > 0);
  }

  @AfterEach
  void nothing_breaks_the_contract() throws Exception {
    assertThat(broker.faults()).isEmpty();
    assertThat(servers.faults()).isEmpty();
    assertThat(worker.output())
        .as("output of the worker")
        .doesNotContain(servers.secretsOfKeys())
        .doesNotContain(
            Stream.of(messageSecrets, lookupSecrets).flatMap(WorkerUnderTest::parts).toList())
        .doesNotContain(TEXT);
  }

  private static Stream<String> parts(String ring) {
    return Stream.of(ring.split(",", -1)).map(secret -> secret.substring(2));
  }

  @AfterAll
  void stop() throws Exception {
    for (var part : Stream.of(worker, servers, broker, user, link, testBroker).toList()) {
      if (part != null) {
        part.close();
      }
    }
  }

  static List<JobMessage> jobs(int count) {
    var user = UUID.randomUUID();
    return IntStream.range(0, count).mapToObj(i -> job(user, Environment.LIVE)).toList();
  }

  static JobMessage job(UUID user, Environment environment) {
    return new JobMessage(
        JobMessage.VERSION,
        UUID.randomUUID(),
        user,
        environment,
        RawJson.of(JobPayload.of("echo", TEXT + " \u00e9\u4e2d\ud83d\ude00 \" \\ </script>")),
        3,
        Instant.parse("2026-11-24T10:00:00Z"),
        "0123456789ab",
        7);
  }

  static JobMessage message(
      JobMessage job, int attempt, @Nullable String originKeyId, @Nullable Integer version) {
    return new JobMessage(
        job.v(),
        job.jobId(),
        job.userId(),
        job.environment(),
        job.payload(),
        attempt,
        job.enqueuedAt(),
        originKeyId,
        version);
  }

  byte[] changed(String part, String by) {
    return StrictJson.text(job).replace(part, by).getBytes(StandardCharsets.UTF_8);
  }

  Verdict verdict() throws IOException {
    broker.publish(job);
    return outcome().verdict();
  }

  /** Waits until each job has an outcome. */
  void awaitOutcomes(List<JobMessage> jobs) {
    await()
        .atMost(SOON)
        .until(() -> jobs.stream().noneMatch(one -> broker.outcomes(one.jobId()).isEmpty()));
  }

  /** Waits for the first outcome of the job. */
  JobOutcome outcome() {
    await().atMost(SOON).until(() -> !broker.outcomes(job.jobId()).isEmpty());
    return broker.outcomes(job.jobId()).getFirst();
  }

  /** Returns the only call of compute-server for the job. */
  ScriptedServers.Call call() {
    assertThat(servers.computations(job.jobId())).hasSize(1);
    return servers.computations(job.jobId()).getFirst();
  }

  void assertDeferred(String code) throws IOException {
    assertDeferred(verdict(), code);
  }

  static void assertDeferred(Verdict verdict, String code) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Deferred.class, deferred -> assertThat(deferred.code()).isEqualTo(code));
  }

  void assertDead(byte[] body, String reason) {
    await().atMost(SOON).until(() -> !broker.deadLetters(body).isEmpty());
    assertThat(broker.deadLetters(body))
        .extracting(WorkersBroker.DeadLetter::reason)
        .containsExactly(reason);
  }
}
