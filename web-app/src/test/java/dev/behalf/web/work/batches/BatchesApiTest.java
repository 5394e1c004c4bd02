package dev.behalf.web.work.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.testkit.Person;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Files of jobs by API: sent as a stream, sent again after a break, followed to their end. */
class BatchesApiTest extends WebAppTest {

  private static final String BATCHES = "/api/v1/batches";
  private static final String JSON_LINES = "application/x-ndjson";

  private Person ada;
  private String key;

  @BeforeEach
  void somebody() throws Exception {
    ada = signUp();
    key = key(ada, "live");
  }

  @Test
  void each_line_becomes_a_job_and_an_invalid_line_is_named() throws Exception {
    var answer =
        send(
            "?name=nightly&tag=night&tag=shop/eu",
            JSON_LINES,
            "{\"operation\":\"echo\",\"text\":\"one\"}\n{\"operation\":\"guess\"}\n\n"
                + "{\"operation\":\"echo\",\"text\":\"four\"}");

    var batch = Api.json(answer);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(answer.headers().firstValue("Location")).hasValue(BATCHES + "/" + id(batch));
    assertThat(batch.required("name").asString()).isEqualTo("nightly");
    assertThat(batch.required("lines").asInt()).isEqualTo(3);
    assertThat(batch.required("queued").asInt()).isEqualTo(2);
    assertThat(batch.required("complete").asBoolean()).isTrue();
    assertThat(batch.required("invalid_lines").required(0).required("line").asInt()).isEqualTo(2);
    assertThat(ada.jobs())
        .allSatisfy(
            job ->
                assertThat(job.required("tags").toString()).isEqualTo("[\"night\",\"shop/eu\"]"));
    assertThat(text("select string_agg(origin_key_id, ' ') from jobs.jobs " + of(batch)))
        .isEqualTo("%1$s %1$s".formatted(keyId()));
  }

  @Test
  void the_results_have_a_line_for_each_line_in_the_order_of_the_file() throws Exception {
    var jsonLines =
        Api.json(
            send(
                "",
                JSON_LINES,
                "{\"operation\":\"echo\",\"text\":\"a\"}\nno JSON\n{\"operation\":\"echo\",\"text\":\"b\"}"));
    var csv = Api.json(send("", "text/csv", "operation,text\necho,a\nguess,b\n"));
    sql(
        "update jobs.jobs set state = 'failed', code = 'time_limit', detail = 'Too long.', finished_at = now() "
            + of(jsonLines));

    var lines = results(jsonLines).lines().map(Api::parse).toList();

    assertThat(lines).extracting(line -> line.required("line").asInt()).containsExactly(1, 2, 3);
    assertThat(lines)
        .extracting(line -> line.required("state").asString())
        .containsExactly("failed", "invalid", "failed");
    assertThat(lines.getFirst().required("detail").asString()).isEqualTo("Too long.");
    assertThat(results(csv).lines())
        .hasSize(3)
        .first()
        .isEqualTo("line,id,state,units,code,detail,result");
    assertThat(results(csv)).contains("3,,invalid,,,\"Unknown operation: ");
  }

  @Test
  void the_first_jobs_are_queued_while_the_rest_is_being_sent() throws Exception {
    try (var sender = new Sender("")) {
      sender.write(lines(1, 10));

      await().until(() -> number("select count(*) from jobs.jobs " + ofAda()) == 10);

      sender.write(lines(11, 600));
      sender.end();
      assertThat(sender.answer()).startsWith("HTTP/1.1 202");
      assertThat(number("select count(*) from jobs.jobs " + ofAda())).isEqualTo(610);
    }
  }

  @Test
  void a_body_that_broke_off_is_sent_again_and_each_line_is_queued_once() throws Exception {
    try (var sender = new Sender("Idempotency-Key: night-1\r\n")) {
      sender.write(lines(1, 700));
      await().until(() -> number("select count(*) from jobs.jobs " + ofAda()) == 700);
    }
    var whole = lines(1, 1_200);

    await().until(() -> sendWithKey("night-1", whole).statusCode() == 202);
    var again = sendWithKey("night-1", whole);

    assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
    assertThat(Api.json(again).required("queued").asInt()).isEqualTo(1_200);
    assertThat(number("select count(*) from jobs.jobs " + ofAda())).isEqualTo(1_200);
    assertThat(number("select count(distinct batch_line) from jobs.jobs " + ofAda()))
        .isEqualTo(1_200);
    assertThat(number("select count(*) from jobs.batches " + ofAda())).isEqualTo(1);
  }

  @Test
  void another_file_under_the_same_key_is_refused_and_queues_nothing() throws Exception {
    sendWithKey("one", lines(1, 3));

    for (var other : List.of(lines(1, 2), lines(1, 4), lines(2, 4), "")) {
      var answer = sendWithKey("one", other);
      assertThat(answer.statusCode()).isEqualTo(422);
      assertThat(answer.body()).contains("idempotency_key_reused");
    }
    assertThat(number("select count(*) from jobs.jobs " + ofAda())).isEqualTo(3);
  }

  @Test
  void two_requests_that_send_the_same_file_at_once_queue_each_line_once() throws Exception {
    try (var first = new Sender("Idempotency-Key: twice\r\n")) {
      first.write(lines(1, 700));
      await().until(() -> number("select count(*) from jobs.jobs " + ofAda()) == 700);
      try (var second = new Sender("Idempotency-Key: twice\r\n")) {
        second.write(lines(1, 1_200));
        await().until(() -> number("select count(*) from jobs.jobs " + ofAda()) == 1_200);
        first.write(lines(701, 500));
        first.end();
        assertThat(first.answer()).startsWith("HTTP/1.1 409");
        second.end();
        assertThat(second.answer()).startsWith("HTTP/1.1 202");
      }
    }
    assertThat(number("select count(*) from jobs.jobs " + ofAda())).isEqualTo(1_200);
  }

  @Test
  void a_cancellation_that_is_asked_again_is_the_same_one() throws Exception {
    var batch = Api.json(send("", JSON_LINES, lines(1, 300)));
    for (int i = 0; i < 5; i++) {
      call("POST", BATCHES + "/" + id(batch) + "/cancellation", "");
    }

    assertThat(number("select count(*) from jobs.sweeps " + ofAda() + " and finished_at is null"))
        .isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "application/json,415",
    "text/plain,415",
    "text/csv;charset=utf-16,415",
    "text/csv;charset=utf-8,422"
  })
  void another_kind_of_body_is_refused(String type, int status) throws Exception {
    assertThat(send("", type, "name,colour\na,b\n").statusCode()).isEqualTo(status);
    assertThat(number("select count(*) from jobs.batches " + ofAda())).isZero();
  }

  @Test
  void bytes_that_are_not_utf_8_are_a_fault_of_their_line() throws Exception {
    var answer =
        send(
            "",
            JSON_LINES,
            concat(
                "{\"operation\":\"echo\",\"text\":\"".getBytes(UTF_8),
                new byte[] {(byte) 0xE9},
                "\"}\n{\"operation\":\"echo\",\"text\":\"b\"}".getBytes(UTF_8)));

    assertThat(Api.json(answer).required("queued").asInt()).isEqualTo(1);
    assertThat(answer.body()).contains("The line is not UTF-8");
  }

  @Test
  void a_batch_is_completed_when_its_last_job_has_ended() throws Exception {
    var batch = Api.json(send("", JSON_LINES, lines(1, 2)));
    sql("update jobs.jobs set state = 'cancelled', finished_at = now() where batch_line = 1");
    assertThat(Api.json(call("GET", BATCHES + "/" + id(batch), "")).has("completed_at")).isFalse();

    call("POST", BATCHES + "/" + id(batch) + "/cancellation", "");

    await().until(() -> Api.json(call("GET", BATCHES + "/" + id(batch), "")).has("completed_at"));
    var ended = Api.json(call("GET", BATCHES + "/" + id(batch), ""));
    assertThat(ended.required("jobs").toString()).isEqualTo("{\"cancelled\":2}");
  }

  @Test
  void batches_are_listed_the_newest_first_in_pages() throws Exception {
    for (var name : List.of("one", "two", "three")) {
      send("?name=" + name, JSON_LINES, lines(1, 1));
    }

    var first = Api.json(call("GET", BATCHES + "?limit=2", ""));
    var second =
        Api.json(call("GET", BATCHES + "?limit=2&cursor=" + first.required("next").asString(), ""));

    assertThat(names(first)).containsExactly("three", "two");
    assertThat(names(second)).containsExactly("one");
    assertThat(second.has("next")).isFalse();
  }

  @Test
  void a_key_sees_and_fills_the_batches_of_its_own_environment_only() throws Exception {
    var live = Api.json(send("", JSON_LINES, lines(1, 1)));
    var test = Api.withKey(site(), key(ada, "test"));

    assertThat(test.get(BATCHES + "/" + id(live)).statusCode()).isEqualTo(404);
    assertThat(test.get(BATCHES + "/" + id(live) + "/results").statusCode()).isEqualTo(404);
    assertThat(Api.json(test.get(BATCHES)).required("batches").size()).isZero();
    var mismatch = send("?environment=test", JSON_LINES, lines(1, 1));
    assertThat(mismatch.statusCode()).isEqualTo(422);
    assertThat(Api.json(mismatch).required("code").asString()).isEqualTo("environment_mismatch");
    assertThat(send("?environment=live", JSON_LINES, lines(1, 1)).statusCode()).isEqualTo(202);
    assertThat(
            Api.json(send("?environment=production", JSON_LINES, lines(1, 1)))
                .required("code")
                .asString())
        .isEqualTo("payload_invalid");
  }

  @Test
  void at_most_four_files_of_one_user_are_read_at_the_same_time() throws Exception {
    try (var a = new Sender("");
        var b = new Sender("");
        var c = new Sender("");
        var d = new Sender("")) {
      for (var sender : List.of(a, b, c, d)) {
        sender.write(lines(1, 501));
      }
      await().until(() -> number("select count(*) from jobs.jobs " + ofAda()) == 2_004);

      assertThat(send("", JSON_LINES, lines(1, 1)).statusCode()).isEqualTo(429);
      a.end();
      await().until(() -> send("", JSON_LINES, lines(1, 1)).statusCode() == 202);
    }
  }

  private static String lines(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> "{\"operation\":\"echo\",\"text\":\"line %d\"}\n".formatted(i))
        .collect(Collectors.joining());
  }

  private static List<String> names(JsonNode page) {
    return page.required("batches")
        .valueStream()
        .map(batch -> batch.required("name").asString())
        .toList();
  }

  private HttpResponse<String> send(String query, String type, String body) throws Exception {
    return send(query, type, body.getBytes(UTF_8));
  }

  private HttpResponse<String> send(String query, String type, byte[] body, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(site().resolve(BATCHES + query))
            .header("Authorization", "Api-Key " + key)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return ada.http().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> sendWithKey(String idempotencyKey, String body) throws Exception {
    return send("", JSON_LINES, body.getBytes(UTF_8), "Idempotency-Key", idempotencyKey);
  }

  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    return Api.withKey(site(), key).send(method, path, body);
  }

  private String results(JsonNode batch) throws Exception {
    return call("GET", BATCHES + "/" + id(batch) + "/results", "").body();
  }

  private static String key(Person person, String environment) throws Exception {
    var answer =
        person.post(
            "/api/v1/keys",
            "{\"name\":\"batches\",\"environment\":\"%s\",\"scopes\":[\"jobs:read\",\"jobs:write\"]}"
                .formatted(environment)
                .getBytes(UTF_8));
    return Api.json(answer).required("secret").asString();
  }

  private String keyId() {
    return text(
        "select key_id from accounts.api_keys where name = 'batches' and user_id = '%s'"
            .formatted(userId(ada)));
  }

  private static UUID id(JsonNode batch) {
    return UUID.fromString(batch.required("id").asString());
  }

  private static String of(JsonNode batch) {
    return "where batch_id = '" + id(batch) + "'";
  }

  private String ofAda() {
    return "where user_id = '" + userId(ada) + "'";
  }

  private static byte[] concat(byte[]... parts) {
    var all = new java.io.ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A client that sends its body little by little, and breaks off unless it ends it. */
  private final class Sender implements AutoCloseable {
    private final Socket socket;
    private final OutputStream out;

    Sender(String headers) throws IOException {
      socket = new Socket(site().getHost(), site().getPort());
      out = socket.getOutputStream();
      out.write(
          ("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Api-Key %s\r\nContent-Type: %s\r\n%s"
                  + "Transfer-Encoding: chunked\r\n\r\n")
              .formatted(BATCHES, key, JSON_LINES, headers)
              .getBytes(UTF_8));
    }

    void write(String lines) throws IOException {
      var bytes = lines.getBytes(UTF_8);
      out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
      out.write(bytes);
      out.write("\r\n".getBytes(UTF_8));
      out.flush();
    }

    void end() throws IOException {
      out.write("0\r\n\r\n".getBytes(UTF_8));
      out.flush();
    }

    String answer() throws IOException {
      return new String(socket.getInputStream().readNBytes(12), UTF_8);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
