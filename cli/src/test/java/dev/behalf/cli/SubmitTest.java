package dev.behalf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.client.FakeBehalf;
import dev.behalf.contract.StrictJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job is queued once, and as it was asked for. */
class SubmitTest {

  @TempDir Path home;
  private FakeBehalf server;
  private Caller caller;

  @BeforeEach
  void start() throws Exception {
    server = new FakeBehalf();
    caller = Caller.of(home, server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void the_id_is_all_that_is_printed() {
    server.then(202, Answers.job("queued", 1, ""));

    var ended = caller.call("submit", "echo", "--text", "hi");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).isEqualTo(Answers.ID + "\n");
    assertThat(ended.err()).isEmpty();
    assertThat(server.asked.getFirst().line()).isEqualTo("POST /api/v1/jobs");
  }

  @Test
  void what_the_engine_says_is_followed_to_the_end_of_the_job() {
    server
        .then(202, Answers.job("queued", 1, ""))
        .then(
            200,
            """
            :

            id:1000000
            event:progress
            data:{"fraction":0.4}

            id:1000001
            event:output
            data:{"delta":"Dear "}

            """)
        .then(
            200,
            """
            id:1000002
            event:output
            data:{"delta":"Ms\\u001b[31m"}

            id:1000003
            event:log
            data:{"message":"model loaded"}

            id:9000000000000000
            event:end
            data:{"state":"succeeded"}

            """)
        .then(200, Answers.succeeded());

    var ended = caller.call("submit", "echo", "--text", "hi", "--follow");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).startsWith("Dear Ms").doesNotContain("\u001b").endsWith("\n");
    assertThat(ended.err()).contains("· model loaded", "succeeded, 7 units");
    assertThat(server.asked.get(2).line())
        .as("goes on behind the last event")
        .isEqualTo("GET /api/v1/jobs/" + Answers.ID + "/events?after=1000001");
  }

  @Test
  void everything_that_the_api_takes_is_sent() throws Exception {
    server.then(202, Answers.job("queued", 1, ""));
    var examples =
        Files.writeString(home.resolve("examples.json"), "{\"delivery\":[\"Where is it?\"]}");

    caller.call(
        "submit",
        "classify",
        "--text",
        "你好",
        "--labels",
        "delivery",
        "--labels",
        "refund, or not",
        "--examples",
        "@" + examples,
        "--limit=3",
        "--exact",
        "true",
        "--other",
        "@else",
        "--priority",
        "high",
        "--not-before",
        "2h");

    assertThat(StrictJson.MAPPER.readTree(server.asked.getFirst().body()))
        .isEqualTo(
            StrictJson.MAPPER.readTree(
                """
                {"payload":{"operation":"classify","text":"你好","labels":["delivery","refund, or not"],
                            "examples":{"delivery":["Where is it?"]},"other":"@else","limit":3,"exact":true},
                 "priority":"high","not_before":"2026-11-24T12:00:00Z"}
                """));
  }

  @Test
  void the_text_is_read_from_one_place() throws Exception {
    server.then(202, Answers.job("queued", 1, ""));
    var file = Files.writeString(home.resolve("text"), "of a file\n");

    caller.call("submit", "echo", "--file", file.toString());
    caller.piping("of a pipe").call("submit", "echo", "-");

    assertThat(server.asked.stream().map(asked -> text(asked.body())))
        .containsExactly("of a file\n", "of a pipe");
    assertThat(caller.call("submit", "echo", "--text", "a", "-").code()).isEqualTo(2);
    assertThat(caller.call("submit", "echo", "text").code()).isEqualTo(2);
    assertThat(caller.call("submit", "echo", "--file", home.resolve("none").toString()).code())
        .isEqualTo(2);
    assertThat(caller.piping(new byte[] {(byte) 0xFF}).call("submit", "echo", "-").code())
        .isEqualTo(2);
    assertThat(caller.piping(new byte[448 * 1024 + 1]).call("submit", "echo", "-").err())
        .contains("448 KiB");
    assertThat(server.asked).hasSize(2);
  }

  @Test
  void a_whole_input_can_stand_in_a_file_and_options_add_to_it() throws Exception {
    server.then(202, Answers.job("queued", 1, ""));
    var file =
        Files.writeString(home.resolve("input.json"), "{\"labels\":[\"a\",\"b\"],\"limit\":1}");

    caller.call("submit", "classify", "--input", file.toString(), "--text", "hi", "--limit", "2");

    assertThat(StrictJson.MAPPER.readTree(server.asked.getFirst().body()).required("payload"))
        .isEqualTo(
            StrictJson.MAPPER.readTree(
                "{\"operation\":\"classify\",\"labels\":[\"a\",\"b\"],\"limit\":2,\"text\":\"hi\"}"));
  }

  @Test
  void an_option_or_an_operation_that_is_unknown_is_told_with_those_that_there_are() {
    assertThat(caller.call("submit", "echo", "--colour", "blue").err())
        .contains("Unknown option: --colour. This operation takes --text.");
    assertThat(caller.call("submit", "fly", "--text", "hi").err())
        .contains("Unknown operation: \"fly\". Use one of classify, echo.");
    assertThat(caller.call("submit", "Fly/../x", "--text", "hi").code()).isEqualTo(2);
    assertThat(caller.call("submit", "echo", "--text").code()).isEqualTo(2);
    assertThat(caller.call("submit", "echo", "--text", "a", "--text", "b").code()).isEqualTo(2);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void what_may_pass_is_sent_again_under_the_same_key() {
    server
        .thenNothing()
        .thenProblem(503, "unavailable", "Retry-After", "2")
        .thenProblem(429, "rate_limited", "Retry-After", "7")
        .then(502, "<html>")
        .then(202, Answers.job("queued", 1, ""), "Idempotent-Replayed", "true");

    var ended = caller.call("submit", "echo", "--text", "once");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).isEqualTo(Answers.ID + "\n");
    assertThat(server.asked.stream().map(FakeBehalf.Asked::idempotencyKey).distinct()).hasSize(1);
    assertThat(server.asked.stream().map(FakeBehalf.Asked::body).distinct()).hasSize(1);
    assertThat(server.asked.size()).isGreaterThanOrEqualTo(5);
    assertThat(caller.pauses).contains(Duration.ofSeconds(2), Duration.ofSeconds(7));
  }

  @Test
  void two_calls_are_two_jobs_unless_they_name_the_same_key() {
    server.then(202, Answers.job("queued", 1, ""));

    caller.call("submit", "echo", "--text", "a");
    caller.call("submit", "echo", "--text", "a");
    caller.call("submit", "echo", "--text", "a", "--idempotency-key", "order-4711");

    assertThat(server.asked.stream().map(FakeBehalf.Asked::idempotencyKey).distinct()).hasSize(3);
    assertThat(server.asked.getLast().idempotencyKey()).isEqualTo("order-4711");
  }

  @Test
  void what_cannot_be_known_is_told_with_the_key_that_makes_it_safe() {
    server.thenProblem(503, "unavailable");

    var ended = caller.call("submit", "echo", "--text", "once");

    assertThat(ended.code()).isEqualTo(5);
    assertThat(server.asked).hasSize(6);
    assertThat(ended.err())
        .contains("--idempotency-key " + server.asked.getFirst().idempotencyKey())
        .contains("(unavailable)");
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void a_server_that_asks_for_an_hour_is_not_waited_for() {
    server.thenProblem(429, "rate_limited", "Retry-After", "3600");

    assertThat(caller.call("submit", "echo", "--text", "a").code()).isEqualTo(6);
    assertThat(caller.pauses).isEmpty();
  }

  @Test
  void a_date_in_retry_after_is_understood() {
    server
        .thenProblem(429, "rate_limited", "Retry-After", "Tue, 24 Nov 2026 10:00:09 GMT")
        .then(202, Answers.job("queued", 1, ""));

    assertThat(caller.call("submit", "echo", "--text", "a").code()).isZero();
    assertThat(caller.pauses).containsExactly(Duration.ofSeconds(9));
  }

  @Test
  void what_is_wrong_with_the_job_is_not_sent_again() {
    server.thenProblem(422, "payload_invalid");

    assertThat(caller.call("submit", "classify", "--text", "a").code()).isEqualTo(2);
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void with_watch_it_ends_as_the_job_does() {
    server
        .then(202, Answers.job("queued", 1, ""))
        .then(200, Answers.job("running", 3, ""))
        .then(200, Answers.failed());

    var ended = caller.call("submit", "classify", "--text", "a", "--watch");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out())
        .contains(Answers.ID, "failed", "quota_exceeded: Wait for the next month.");
  }

  private static String text(String body) {
    return StrictJson.MAPPER
        .readTree(body.getBytes(StandardCharsets.UTF_8))
        .at("/payload/text")
        .asString();
  }

  @Test
  void a_job_that_is_done_again_is_a_new_one() {
    server.then(202, Answers.job("queued", 1, ""));

    var ended = caller.call("retry", "00000000-0000-7000-8000-000000000001");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).isEqualTo(Answers.ID + "\n");
    assertThat(server.asked.getFirst().line())
        .isEqualTo("POST /api/v1/jobs/00000000-0000-7000-8000-000000000001/retry");
  }
}
