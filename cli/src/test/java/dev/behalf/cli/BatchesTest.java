package dev.behalf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.client.FakeBehalf;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchesTest {

  private static final String ID = "0190a5c8-0000-7000-8000-000000000002";

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
  void a_file_is_sent_and_its_id_is_printed() throws Exception {
    var file = Files.writeString(home.resolve("texts.jsonl"), "{\"operation\":\"echo\"}\n");
    server.then(202, batch("{\"queued\":1}", ""));

    var ended =
        caller.call("batches", "send", file.toString(), "--tag", "a", "--idempotency-key", "k1");

    assertThat(ended.out()).as(ended.err()).isEqualTo(ID + "\n");
    assertThat(ended.err()).contains("line 2: Unknown operation.");
    var asked = server.asked.getFirst();
    assertThat(asked.line()).isEqualTo("POST /api/v1/batches?name=texts.jsonl&tag=a");
    assertThat(asked.header("Content-type")).isEqualTo("application/x-ndjson");
    assertThat(asked.idempotencyKey()).isEqualTo("k1");
    assertThat(asked.body()).isEqualTo("{\"operation\":\"echo\"}\n");
  }

  @Test
  void csv_is_known_by_its_name() throws Exception {
    var file = Files.writeString(home.resolve("texts.csv"), "operation,text\necho,a\n");
    server.then(202, batch("{\"queued\":1}", ""));

    caller.call("batches", "send", file.toString());

    assertThat(server.asked.getFirst().header("Content-type")).isEqualTo("text/csv");
  }

  @Test
  void what_to_do_after_a_break_is_said() throws Exception {
    var file = Files.writeString(home.resolve("texts.jsonl"), "{}\n");
    server.thenNothing();

    var ended = caller.call("batches", "send", file.toString());

    assertThat(ended.code()).isEqualTo(5);
    assertThat(ended.err())
        .contains("--idempotency-key " + server.asked.getFirst().idempotencyKey());
    assertThat(server.asked).hasSize(6);
  }

  @Test
  void a_file_that_is_none_is_wrong_usage() {
    assertThat(caller.call("batches", "send", home.toString()).code()).isEqualTo(2);
    assertThat(caller.call("batches", "send", home.resolve("none").toString()).code()).isEqualTo(2);
  }

  @Test
  void it_is_followed_to_its_end_which_is_the_exit_code() {
    server
        .then(200, batch("{\"queued\":1,\"succeeded\":1}", ""))
        .then(200, batch("{\"succeeded\":2}", ",\"completed_at\":\"2026-11-24T10:01:00Z\""));
    var ended = caller.call("batches", "show", ID, "--watch");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("2 succeeded", "completed    2026-11-24T10:01:00Z");

    server.then(
        200, batch("{\"failed\":1,\"succeeded\":1}", ",\"completed_at\":\"2026-11-24T10:01:00Z\""));
    assertThat(caller.call("batches", "show", ID, "--watch").code()).isEqualTo(1);
  }

  @Test
  void results_are_printed_as_they_come() {
    server.then(200, "{\"line\":1,\"state\":\"succeeded\"}\n{\"line\":2,\"state\":\"invalid\"}\n");

    var ended = caller.call("batches", "results", ID);

    assertThat(ended.lines()).hasSize(2);
    assertThat(server.asked.getFirst().line()).isEqualTo("GET /api/v1/batches/" + ID + "/results");
  }

  @Test
  void batches_are_listed_with_what_is_open() {
    server.then(200, "{\"batches\":[" + batch("{\"queued\":2,\"succeeded\":1}", "") + "]}");

    assertThat(caller.call("batches").out()).contains("night", "2 queued, 1 succeeded");
  }

  @Test
  void a_batch_is_cancelled() {
    server.then(202, "{}");

    assertThat(caller.call("batches", "cancel", ID).code()).isZero();
    assertThat(server.asked.getFirst().line())
        .isEqualTo("POST /api/v1/batches/" + ID + "/cancellation");
  }

  private static String batch(String jobs, String more) {
    return """
    {"id":"%s","environment":"test","name":"night","format":"jsonl","lines":2,"queued":2,"complete":true,"jobs":%s,\
    "invalid_lines":[{"line":2,"fault":"Unknown operation."}],"created_at":"2026-11-24T10:00:00Z"%s}
    """
        .formatted(ID, jobs, more);
  }
}
