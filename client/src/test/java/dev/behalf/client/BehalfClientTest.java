package dev.behalf.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BehalfClientTest {

  private static final String KEY = "bh_test_000000000000000000000000000000000000000000001DUvLQ";
  private static final UUID ID = UUID.fromString("0190a5c8-0000-7000-8000-000000000001");

  private final List<Duration> pauses = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-24T10:00:00Z");
  private FakeBehalf server;
  private BehalfClient behalf;

  @BeforeEach
  void start() throws Exception {
    server = new FakeBehalf();
    behalf = client(server.address()).apiKey(KEY).build();
  }

  @AfterEach
  void stop() {
    behalf.close();
    server.close();
  }

  private BehalfClient.Builder client(String address) {
    return BehalfClient.builder(address)
        .clock(() -> now)
        .pause(
            time -> {
              pauses.add(time);
              now = now.plus(time);
            });
  }

  @Test
  void a_job_is_submitted_with_what_there_is_to_say_about_it() {
    server.then(
        202,
        job(
            "queued",
            "\"tags\":[\"nightly\"],\"metadata\":{\"order\":\"4711\"},\"watch_token\":{\"token\":\"bhw_x\",\"expires_at\":\"2026-11-24T10:15:00Z\"},"));

    var submitted =
        behalf
            .jobs()
            .submit(
                JobRequest.of("echo", new Input("hello"))
                    .idempotencyKey("order-4711")
                    .priority("high")
                    .notBefore(now)
                    .tag("nightly")
                    .metadata("order", "4711"));

    assertThat(asked(0).line()).isEqualTo("POST /api/v1/jobs");
    assertThat(asked(0).authorization()).isEqualTo("Api-Key " + KEY);
    assertThat(asked(0).idempotencyKey()).isEqualTo("order-4711");
    assertThat(asked(0).body())
        .isEqualTo(
            """
            {"not_before":"2026-11-24T10:00:00Z","priority":"high","tags":["nightly"],"metadata":{"order":"4711"},\
            "payload":{"operation":"echo","text":"hello"}}""");
    assertThat(submitted.job().id()).isEqualTo(ID);
    assertThat(submitted.job().metadata()).containsEntry("order", "4711");
    assertThat(Objects.requireNonNull(submitted.watchToken()).token()).isEqualTo("bhw_x");
    assertThat(submitted.toString()).doesNotContain("bhw_x");
  }

  private record Input(String text) {}

  @Test
  void a_submission_is_sent_again_under_the_same_key_until_it_is_answered() {
    server
        .thenNothing()
        .thenProblem(503, "unavailable", "Retry-After", "2")
        .thenProblem(429, "rate_limited")
        .then(202, job("queued", ""), "Idempotent-Replayed", "true");

    var submitted = behalf.jobs().submit("echo", Map.of("text", "hello"));

    assertThat(submitted.isReplayed()).isTrue();
    assertThat(server.asked).hasSize(4);
    assertThat(server.asked.stream().map(FakeBehalf.Asked::idempotencyKey).distinct()).hasSize(1);
    assertThat(pauses).containsExactly(millis(500), millis(2000), millis(2000));
  }

  @Test
  void a_client_starts_and_submits_while_the_server_is_down() throws Exception {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var late = new ArrayList<FakeBehalf>();
    try (var early =
        BehalfClient.builder("http://127.0.0.1:" + port)
            .apiKey(KEY)
            .pause(
                time -> {
                  pauses.add(time);
                  if (pauses.size() == 3) {
                    late.add(started(port));
                  }
                })
            .build()) {
      assertThat(early.jobs().submit("echo", Map.of("text", "x")).job().id()).isEqualTo(ID);
    } finally {
      late.forEach(FakeBehalf::close);
    }
    assertThat(pauses).hasSize(3);
  }

  private static FakeBehalf started(int port) {
    try {
      return new FakeBehalf(port).then(202, job("queued", ""));
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_could_be_done_twice_is_sent_once() {
    server.thenProblem(503, "unavailable");

    assertThatThrownBy(() -> behalf.keys().issue(new KeyRequest("nightly", List.of("jobs:read"))))
        .isInstanceOf(ProblemException.class);
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void a_refusal_says_what_to_do() {
    server.then(
        422,
        """
        {"title":"Invalid","status":422,"detail":"Mend it.","code":"payload_invalid","trace_id":"4bf92f","errors":[{"pointer":"/labels/1","detail":"too long"}]}
        """);

    assertThatThrownBy(() -> behalf.jobs().submit("echo", Map.of()))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem).hasMessage("422 payload_invalid: Mend it.");
              assertThat(problem.requestId()).isEqualTo("4bf92f");
              assertThat(problem.inputFaults())
                  .containsExactly(new ProblemException.InputFault("/labels/1", "too long"));
            });
    assertThat(server.asked).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "", "[]", "{\"id\":"})
  void another_server_is_noticed(String body) {
    server.then(200, body);

    assertThatThrownBy(() -> behalf.me())
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("is not a Behalf server");
  }

  @Test
  void a_key_does_not_follow_a_redirect() {
    server.then(302, "", "Location", "https://elsewhere.example/");

    assertThatThrownBy(() -> behalf.me()).hasMessageContaining("redirects to https://elsewhere");
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void a_credential_is_not_sent_in_the_open_and_not_printed() {
    assertThatThrownBy(() -> BehalfClient.builder("http://behalf.example").apiKey(KEY).build())
        .hasMessageContaining("not encrypted");
    assertThatThrownBy(() -> BehalfClient.builder("https://behalf.example").apiKey("a b\n"))
        .hasMessageNotContaining("a b");
    assertThat(new Credential.ApiKey(KEY).toString()).doesNotContain(KEY);
    assertThat(new Credential.Platform("shop", "s3cret").toString()).doesNotContain("s3cret");
  }

  @Test
  void waiting_asks_the_server_to_wait_and_ends_in_time() throws Exception {
    server.then(200, job("running", "")).then(200, job("succeeded", "\"units\":1,\"result\":{},"));
    assertThat(behalf.jobs().await(ID, Duration.ofMinutes(1)).hasSucceeded()).isTrue();
    assertThat(asked(0).header("Prefer")).isEqualTo("wait=20");
    pauses.clear();

    server.then(200, job("running", ""));
    assertThatThrownBy(() -> behalf.jobs().await(ID, millis(700)))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("is running");
  }

  @Test
  void a_stream_that_is_cut_goes_on_behind_its_last_event() {
    server
        .then(200, ":\r\n\r\nid:7\r\nevent:output\r\ndata:{\"delta\":\"Dear \"}\r\n\r\n")
        .then(200, "id:8\nevent:output\ndata: {\"delta\":\ndata: \"Ms é\"}\n\nid:9\nevent:out")
        .then(
            200,
            "id:10\nevent:end\ndata:{\"state\":\"succeeded\"}\n\nid:11\nevent:log\ndata:{}\n\n");
    var text = new StringBuilder();
    var names = new ArrayList<String>();

    behalf.jobs().stream(
        ID,
        event -> {
          names.add(event.name());
          text.append(event.delta());
        });

    assertThat(text).hasToString("Dear Ms é");
    assertThat(names).containsExactly("output", "output", "end");
    assertThat(server.asked.stream().map(one -> one.line().replaceAll(".*after=", "")))
        .containsExactly("0", "7", "8");
  }

  @Test
  void a_stream_that_never_says_anything_is_given_up() {
    server.then(200, ":\n\n");

    assertThatThrownBy(() -> behalf.jobs().stream(ID, event -> {}))
        .isInstanceOf(ConnectionException.class);
    assertThat(server.asked).hasSize(11);
  }

  @Test
  void a_page_of_a_proxy_is_no_stream() {
    server.then(200, "<html>", "Content-Type", "text/html");

    assertThatThrownBy(() -> behalf.jobs().stream(ID, event -> {}))
        .hasMessageContaining("not a Behalf server");
  }

  @Test
  void an_answer_that_is_cut_is_asked_for_again() {
    server.then(202, job("queued", ""), "Content-Length", "4000").then(202, job("queued", ""));

    assertThat(behalf.jobs().submit("echo", Map.of("text", "x")).job().id()).isEqualTo(ID);
    assertThat(server.asked).hasSize(2);
  }

  @Test
  void a_server_that_does_not_wait_is_not_asked_without_a_pause() throws Exception {
    for (int i = 0; i < 5; i++) {
      server.then(200, job("running", ""));
    }
    server.then(200, job("failed", ""));

    behalf.jobs().await(ID, Duration.ofMinutes(1));

    assertThat(pauses)
        .containsExactly(millis(200), millis(400), millis(800), millis(1600), millis(2000));
  }

  @Test
  void an_input_does_not_choose_the_operation() {
    assertThatThrownBy(() -> JobRequest.of("echo", Map.of("operation", "render")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> JobRequest.of("echo", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_the_payloads_of_a_batch_throw_comes_out() {
    server.then(202, batch("{}", ""));
    Iterable<Object> payloads =
        () ->
            java.util.stream.Stream.<Object>generate(
                    () -> {
                      throw new IllegalStateException("a row cannot be read");
                    })
                .iterator();

    assertThatThrownBy(() -> behalf.batches().send(BatchRequest.of(payloads)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a row cannot be read");
  }

  @Test
  void a_client_that_was_made_of_another_closes_nothing() {
    server.then(200, token("one")).then(202, job("queued", ""));
    try (var platform = client(server.address()).platform("shop", "secret").build()) {
      platform.onBehalfOf("a").close();
      platform.retrying(RetryPolicy.NEVER).close();

      assertThat(platform.onBehalfOf("a").jobs().submit("echo", Map.of("text", "x"))).isNotNull();
    }
  }

  @Test
  void a_stream_whose_end_was_seen_elsewhere_ends() {
    server.then(204, "");

    behalf.jobs().stream(ID, event -> {});

    assertThat(server.asked).hasSize(1);
  }

  @Test
  void all_pages_are_read_each_when_it_is_needed() {
    server
        .then(200, "{\"jobs\":[" + job("queued", "") + "],\"next\":\"" + ID + "\"}")
        .then(200, "{\"jobs\":[" + job("queued", "") + "]}");

    assertThat(behalf.jobs().find("tag:a b").limit(1)).hasSize(1);
    assertThat(server.asked).hasSize(1);
    assertThat(asked(0).line()).isEqualTo("GET /api/v1/jobs?limit=100&q=tag%3Aa%20b");

    assertThat(behalf.jobs().find("")).hasSize(1);
    assertThat(asked(1).line()).isEqualTo("GET /api/v1/jobs?limit=100");
  }

  @Test
  void a_batch_is_written_while_it_is_read_and_again_after_a_break() {
    server.thenNothing().then(202, batch("{\"queued\":3}", ""));
    var lines = IntStream.rangeClosed(1, 3).mapToObj(i -> Map.of("operation", "echo")).toList();

    var sent = behalf.batches().send(BatchRequest.of(lines).name("night & day").tag("a"));

    assertThat(asked(1).line()).isEqualTo("POST /api/v1/batches?name=night%20%26%20day&tag=a");
    assertThat(asked(1).body()).isEqualTo("{\"operation\":\"echo\"}\n".repeat(3));
    assertThat(asked(1).idempotencyKey()).isEqualTo(asked(0).idempotencyKey()).isNotNull();
    assertThat(sent.batch().open()).isEqualTo(3);
  }

  @Test
  void results_come_line_by_line() {
    server.then(
        200,
        """
        {"line":1,"id":"0190a5c8-0000-7000-8000-000000000001","state":"succeeded","units":1,"result":{"text":"a"}}
        {"line":2,"state":"invalid","detail":"Unknown operation."}
        """);

    try (var results = behalf.batches().results(ID)) {
      var list = results.toList();
      assertThat(list).extracting(Batch.Result::state).containsExactly("succeeded", "invalid");
      assertThat(list.get(1).id()).isNull();
    }
  }

  @Test
  void a_platform_gets_one_token_for_ten_minutes_and_another_when_it_is_refused() {
    server.then(200, token("one")).then(200, user()).then(200, user());
    try (var platform = client(server.address()).platform("shop", "secret").build()) {
      platform.users().get("customer|17");
      platform.users().get("customer|17");
      assertThat(asked(0).authorization()).isEqualTo("Basic c2hvcDpzZWNyZXQ=");
      assertThat(asked(1).line()).isEqualTo("GET /api/v1/users/customer%7C17");
      assertThat(asked(2).authorization()).isEqualTo("Bearer one");

      now = now.plusSeconds(571);
      server.then(200, token("two")).then(200, user());
      platform.users().get("x");
      assertThat(asked(4).authorization()).isEqualTo("Bearer two");

      server
          .thenProblem(401, "token_invalid")
          .then(200, token("three"))
          .then(202, job("queued", ""));
      platform.onBehalfOf("customer-17").jobs().submit("echo", Map.of("text", "x"));
      assertThat(asked(7).authorization()).isEqualTo("Bearer three");
      assertThat(asked(7).header("Behalf-on-behalf-of")).isEqualTo("customer-17");
      assertThat(asked(6).header("Behalf-on-behalf-of")).isNull();
    }
  }

  @Test
  void a_platform_whose_secret_is_wrong_is_refused_at_once() {
    server.then(401, "{\"error\":\"invalid_client\"}");
    try (var platform = client(server.address()).platform("shop", "wrong").build()) {
      assertThatThrownBy(() -> platform.users().get("x"))
          .isInstanceOfSatisfying(
              ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(401));
    }
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void many_users_are_one_request() {
    server
        .then(200, token("one"))
        .then(
            200,
            "{\"line\":1,\"outcome\":\"created\",\"external_id\":\"a\"}\n{\"line\":2,\"outcome\":\"failed\",\"code\":\"payload_invalid\",\"field\":\"quota\"}\n");
    try (var platform = client(server.address()).platform("shop", "secret").build()) {
      var users = new java.util.LinkedHashMap<String, UserProperties>();
      users.put("a", new UserProperties().name("Ada").quota("live", 5000));
      users.put("b", new UserProperties().quota("live", -1));

      assertThat(platform.users().putAll(users))
          .extracting(PlatformUser.Imported::outcome)
          .containsExactly("created", "failed");
    }
    assertThat(asked(1).body())
        .isEqualTo(
            """
            {"external_id":"a","name":"Ada","quota":{"live":5000}}
            {"external_id":"b","quota":{"live":-1}}
            """);
  }

  private FakeBehalf.Asked asked(int index) {
    return server.asked.get(index);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  private static String token(String token) {
    return "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":600}";
  }

  private static String user() {
    return """
    {"external_id":"customer-17","user_id":"0190a5c8-0000-7000-8000-0000000000aa","name":"","email":"","quota":{"live":5000},"permissions":[],"metadata":{},"created_at":"2026-11-24T10:00:00Z"}
    """;
  }

  private static String job(String state, String more) {
    return """
    {"id":"%s","environment":"test","state":"%s","payload":{"operation":"echo","text":"hello"},%s\
    "priority":"normal","attempt":1,"hops":[{"station":"submitted","at":"2026-11-24T10:00:00Z"}],"created_at":"2026-11-24T10:00:00Z"}
    """
        .formatted(ID, state, more)
        .strip();
  }

  private static String batch(String jobs, String more) {
    return """
    {"id":"%s","environment":"test","name":"night","format":"jsonl","lines":3,"queued":3,"complete":true,"jobs":%s,%s"created_at":"2026-11-24T10:00:00Z"}
    """
        .formatted(ID, jobs, more);
  }
}
