package dev.behalf.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.Hop;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Succeeded;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.RawJson;
import dev.behalf.contract.RequestSignature;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.WorkerHeartbeat;
import dev.behalf.testkit.TestBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The worker on a real broker, between a web-app and a compute-server that answer what the test
 * says.
 */
@Tag("server")
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "behalf.call-timeout=2s",
      "behalf.http2=false",
      "behalf.heartbeat-every=500ms",
      "behalf.concurrency.live=2",
      "behalf.concurrency.test=1"
    })
class WorkerTest {

  private static final String SECRET = "1:" + Base64.getEncoder().encodeToString(new byte[32]);
  private static final KeyRing RING = KeyRing.parse(SECRET);
  private static final TestBroker BROKER = TestBroker.embedded();
  private static final Channel CHANNEL = topology();

  /** Answers of compute-server, in order; the last one stays. */
  private static final ArrayDeque<Answer> COMPUTE = new ArrayDeque<>();

  private static final Queue<String> AUTHORIZATIONS = new ConcurrentLinkedQueue<>();
  private static final Queue<String> LOOKUPS = new ConcurrentLinkedQueue<>();
  private static final HttpServer SERVERS = servers();
  private static volatile Answer lookup = new Answer(500, "{}");

  private record Answer(int status, String body) {}

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    var url = "http://127.0.0.1:" + SERVERS.getAddress().getPort();
    registry.add("spring.rabbitmq.addresses", () -> BROKER.address().toString());
    registry.add("behalf.compute-url", () -> url);
    registry.add("behalf.lookup-url", () -> url);
    registry.add("behalf.message-secrets", () -> SECRET);
    registry.add("behalf.lookup-secrets", () -> SECRET);
  }

  private final JobMessage job =
      new JobMessage(
          1,
          UUID.randomUUID(),
          UUID.randomUUID(),
          Environment.LIVE,
          RawJson.of(JobPayload.of("echo", "hi")),
          1,
          Instant.EPOCH,
          null,
          null);

  @BeforeEach
  void reset() {
    synchronized (COMPUTE) {
      COMPUTE.clear();
    }
    AUTHORIZATIONS.clear();
    LOOKUPS.clear();
  }

  @Test
  void a_job_is_computed_with_its_users_key_and_reported() throws Exception {
    var key = lookupAnswers(ApiKeyFormat.generate(Environment.LIVE));
    computeAnswers(new Answer(200, "{\"units\":3,\"replayed\":false,\"result\":{}}"));

    var outcome = outcome();

    assertThat(outcome.verdict()).isEqualTo(new Succeeded(3, key.keyId(), false));
    assertThat(outcome.hops())
        .extracting(Hop::station)
        .containsExactly(
            Hop.Station.TAKEN, Hop.Station.VERIFIED, Hop.Station.KEY_FOUND, Hop.Station.ANSWERED);
    assertThat(AUTHORIZATIONS).containsExactly("Api-Key " + key.reveal());
  }

  @Test
  void a_refused_key_is_looked_up_once_more() throws Exception {
    lookupAnswers(ApiKeyFormat.generate(Environment.LIVE));
    computeAnswers(new Answer(401, "{\"code\":\"key_invalid\"}"), new Answer(200, "{\"units\":1}"));

    assertThat(outcome().verdict()).isInstanceOf(Succeeded.class);
    assertThat(LOOKUPS).hasSize(2);
  }

  @Test
  void a_key_that_is_refused_twice_is_tried_again_later() throws Exception {
    lookupAnswers(ApiKeyFormat.generate(Environment.LIVE));
    computeAnswers(new Answer(401, "{}"));

    assertThat(outcome().verdict()).isInstanceOf(Deferred.class);
    assertThat(AUTHORIZATIONS).hasSize(2);
  }

  @Test
  void what_may_pass_is_deferred_and_what_will_not_is_final() throws Exception {
    lookupAnswers(ApiKeyFormat.generate(Environment.LIVE));

    computeAnswers(new Answer(503, "{\"code\":\"unavailable\"}"));
    assertThat(outcome().verdict())
        .isInstanceOfSatisfying(
            Deferred.class, deferred -> assertThat(deferred.retryAfterSeconds()).isEqualTo(7));
    computeAnswers(new Answer(500, "<html>"));
    assertThat(outcome().verdict()).isInstanceOf(Deferred.class);
    computeAnswers(new Answer(429, "{\"code\":\"quota_exceeded\",\"detail\":\"Used up.\"}"));
    assertThat(outcome().verdict()).isEqualTo(new Failed("quota_exceeded", "Used up."));
    computeAnswers(new Answer(422, "{\"code\":\"text_empty\",\"detail\":\"Write.\"}"));
    assertThat(outcome().verdict()).isEqualTo(new Failed("text_empty", "Write."));
  }

  @Test
  void busy_is_told_by_its_code_so_that_it_is_no_attempt() throws Exception {
    lookupAnswers(ApiKeyFormat.generate(Environment.LIVE));
    computeAnswers(new Answer(503, "{\"code\":\"busy\",\"detail\":\"Wait.\"}"));

    assertThat(outcome().verdict()).isEqualTo(new Deferred("busy", "Wait.", 7));
  }

  @Test
  void an_answer_that_is_too_large_is_final() throws Exception {
    lookupAnswers(ApiKeyFormat.generate(Environment.LIVE));
    computeAnswers(
        new Answer(200, "{\"units\":1,\"result\":\"" + "x".repeat(5 * 1024 * 1024) + "\"}"));

    assertThat(outcome().verdict())
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.code()).isEqualTo("result_too_large"));
  }

  @Test
  void calls_that_outlive_the_brokers_patience_are_refused_at_the_start() {
    var http = URI.create("http://localhost");
    var minutes = java.time.Duration.ofMinutes(20);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new WorkerSettings(
                    http,
                    http,
                    "",
                    "",
                    minutes,
                    minutes,
                    minutes,
                    new WorkerSettings.Concurrency(1, 1),
                    false,
                    java.time.Duration.ofMinutes(30)))
        .withMessageContaining("behalf.call-timeout")
        .withMessageContaining("must be shorter than behalf.consumer-timeout");
  }

  @Test
  void a_call_without_an_answer_ends_in_time() throws Exception {
    lookupAnswers(ApiKeyFormat.generate(Environment.LIVE));
    computeAnswers(new Answer(0, ""));

    assertThat(outcome().verdict()).isInstanceOf(Deferred.class);
  }

  @Test
  void without_a_key_the_job_fails_and_out_of_flight_it_waits() throws Exception {
    lookup = new Answer(404, "{\"code\":\"no_key\"}");
    assertThat(outcome().verdict())
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.code()).isEqualTo("no_key"));

    lookup = new Answer(404, "{\"code\":\"not_found\"}");
    assertThat(outcome().verdict()).isInstanceOf(Deferred.class);

    lookup = new Answer(503, "");
    assertThat(outcome().verdict()).isInstanceOf(Deferred.class);
    assertThat(AUTHORIZATIONS).isEmpty();
  }

  @Test
  void a_key_of_the_other_environment_is_never_used() throws Exception {
    lookupAnswers(ApiKeyFormat.generate(Environment.TEST));

    assertThat(outcome().verdict()).isInstanceOf(Deferred.class);
    assertThat(AUTHORIZATIONS).isEmpty();
  }

  @Test
  void the_look_up_is_signed_over_its_body() throws Exception {
    lookupAnswers(ApiKeyFormat.generate(Environment.LIVE));
    computeAnswers(new Answer(200, "{\"units\":1}"));

    outcome();

    assertThat(LOOKUPS)
        .singleElement()
        .asString()
        .startsWith("signed ")
        .contains(job.jobId().toString());
  }

  @Test
  void a_signed_message_that_lacks_something_is_a_dead_letter() throws Exception {
    var body = "{\"v\":1}".getBytes(StandardCharsets.UTF_8);
    synchronized (CHANNEL) {
      CHANNEL.queuePurge(JobMessage.DEAD_QUEUE);
      publish(body);
    }

    var dead = await().until(() -> get(JobMessage.DEAD_QUEUE), letter -> letter != null);

    assertThat(dead.getBody()).isEqualTo(body);
    assertThat(String.valueOf(dead.getProps().getHeaders().get(JobMessage.REASON)))
        .isEqualTo("unreadable");
  }

  @Test
  void a_signed_message_that_no_worker_can_take_ends_the_job_that_it_names() throws Exception {
    var tooLarge = "{\"text\":\"" + "x".repeat(JobMessage.MAX_BYTES) + "\"}";
    publish(StrictJson.write(jobWith(new RawJson(tooLarge))));

    var outcome = nextOutcome();

    assertThat(outcome.jobId()).isEqualTo(job.jobId());
    assertThat(outcome.attempt()).isEqualTo(1);
    assertThat(outcome.verdict())
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.code()).isEqualTo("payload_too_large"));
    publish(
        StrictJson.MAPPER
            .writeValueAsString(job)
            .replace("\"v\":1", "\"v\":1,\"colour\":\"blue\"")
            .getBytes(StandardCharsets.UTF_8));
    assertThat(nextOutcome().verdict())
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.code()).isEqualTo("internal"));
    publish(
        StrictJson.MAPPER
            .writeValueAsString(job)
            .replace("\"v\":1", "\"v\":2")
            .getBytes(StandardCharsets.UTF_8));
    assertThat(nextOutcome().verdict()).isInstanceOf(Deferred.class);
  }

  @Test
  void an_unsigned_message_ends_no_job() throws Exception {
    lookupAnswers(ApiKeyFormat.generate(Environment.LIVE));
    computeAnswers(new Answer(200, "{\"units\":1}"));
    synchronized (CHANNEL) {
      CHANNEL.queuePurge(JobMessage.DEAD_QUEUE);
      CHANNEL.basicPublish(
          JobMessage.EXCHANGE, "live", null, StrictJson.write(jobWith(new RawJson("{}"))));
    }
    await().until(() -> get(JobMessage.DEAD_QUEUE), letter -> letter != null);

    assertThat(outcome().verdict()).isInstanceOf(Succeeded.class);
  }

  private JobMessage jobWith(RawJson payload) {
    return new JobMessage(
        1, job.jobId(), job.userId(), job.environment(), payload, 1, Instant.EPOCH, null, null);
  }

  @Test
  void it_says_that_it_lives_and_signs_that() throws Exception {
    var delivery = await().until(() -> get(WorkerHeartbeat.QUEUE), message -> message != null);

    var seal = String.valueOf(delivery.getProps().getHeaders().get(JobMessage.SIGNATURE));
    assertThat(RING.unseals(seal, delivery.getBody())).isTrue();
    var beat = StrictJson.read(delivery.getBody(), WorkerHeartbeat.class);
    assertThat(beat.v()).isEqualTo(WorkerHeartbeat.VERSION);
    assertThat(beat.name()).contains("@");
    assertThat(beat.sentAt()).isAfter(beat.startedAt());
    assertThat(beat.inHand()).isBetween(0, 3);
  }

  @Test
  void a_queue_that_is_not_there_yet_is_waited_for_and_is_no_error(CapturedOutput output)
      throws Exception {
    await().until(() -> output.toString().contains("Subscription to jobs.test lost"));
    synchronized (CHANNEL) {
      CHANNEL.queueDeclare(JobMessage.TEST_QUEUE, true, false, false, Map.of());
      CHANNEL.queueBind(JobMessage.TEST_QUEUE, JobMessage.EXCHANGE, "test");
    }

    await().until(() -> consumers(JobMessage.TEST_QUEUE) == 1);
    assertThat(output.toString()).doesNotContain("reply-code=404");
  }

  private static long consumers(String queue) throws IOException {
    synchronized (CHANNEL) {
      return CHANNEL.consumerCount(queue);
    }
  }

  private JobOutcome outcome() throws Exception {
    publish(StrictJson.write(job));
    return nextOutcome();
  }

  private static JobOutcome nextOutcome() throws Exception {
    var delivery = await().until(() -> get(JobOutcome.QUEUE), message -> message != null);
    assertThat(
            RING.unseals(
                String.valueOf(delivery.getProps().getHeaders().get(JobMessage.SIGNATURE)),
                delivery.getBody()))
        .isTrue();
    return StrictJson.read(delivery.getBody(), JobOutcomes.class).outcomes().getFirst();
  }

  private static void publish(byte[] body) throws IOException {
    var properties =
        new AMQP.BasicProperties.Builder()
            .headers(Map.of(JobMessage.SIGNATURE, RING.seal(body)))
            .build();
    synchronized (CHANNEL) {
      CHANNEL.basicPublish(JobMessage.EXCHANGE, "live", properties, body);
    }
  }

  private static com.rabbitmq.client.@org.jspecify.annotations.Nullable GetResponse get(
      String queue) throws IOException {
    synchronized (CHANNEL) {
      return CHANNEL.basicGet(queue, true);
    }
  }

  private static ApiKeyFormat lookupAnswers(ApiKeyFormat key) {
    lookup =
        new Answer(200, "{\"key\":\"" + key.reveal() + "\",\"key_id\":\"" + key.keyId() + "\"}");
    return key;
  }

  private static void computeAnswers(Answer... answers) {
    synchronized (COMPUTE) {
      COMPUTE.clear();
      COMPUTE.addAll(List.of(answers));
    }
  }

  private static HttpServer servers() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/internal/v1/key-lookups", WorkerTest::lookUp);
      server.createContext("/v1/ai/jobs", WorkerTest::compute);
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void lookUp(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readAllBytes();
    var headers = exchange.getRequestHeaders();
    var check =
        RequestSignature.verify(
            RING,
            "POST",
            exchange.getRequestURI().getPath(),
            body,
            headers.getFirst(RequestSignature.CONTENT_DIGEST),
            headers.getFirst(RequestSignature.SIGNATURE_INPUT),
            headers.getFirst(RequestSignature.SIGNATURE),
            Instant.now());
    LOOKUPS.add(
        (check instanceof RequestSignature.Valid ? "signed " : "unsigned ")
            + new String(body, StandardCharsets.UTF_8));
    send(exchange, lookup);
  }

  private static void compute(HttpExchange exchange) throws IOException {
    AUTHORIZATIONS.add(exchange.getRequestHeaders().getFirst("Authorization"));
    exchange.getRequestBody().readAllBytes();
    Answer answer;
    synchronized (COMPUTE) {
      answer = COMPUTE.size() > 1 ? COMPUTE.remove() : COMPUTE.element();
    }
    if (answer.status() == 503) {
      exchange.getResponseHeaders().add("Retry-After", "7");
    }
    if (answer.status() > 0) {
      send(exchange, answer);
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    var body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** What web-app makes in a real system, but for the test queue. */
  private static Channel topology() {
    try {
      Connection connection = BROKER.connect();
      var channel = connection.createChannel();
      channel.exchangeDeclare(JobMessage.EXCHANGE, "direct", true);
      channel.exchangeDeclare(JobOutcome.EXCHANGE, "direct", true);
      for (var queue :
          List.of(
              JobMessage.LIVE_QUEUE,
              JobMessage.DEAD_QUEUE,
              JobOutcome.QUEUE,
              WorkerHeartbeat.QUEUE)) {
        channel.queueDeclare(queue, true, false, false, Map.of());
      }
      channel.queueBind(JobMessage.LIVE_QUEUE, JobMessage.EXCHANGE, "live");
      channel.queueBind(JobOutcome.QUEUE, JobOutcome.EXCHANGE, JobOutcome.QUEUE);
      return channel;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
