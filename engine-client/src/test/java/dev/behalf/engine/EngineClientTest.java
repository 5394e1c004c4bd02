package dev.behalf.engine;

import static dev.behalf.engine.ScriptedEngine.answer;
import static dev.behalf.engine.ScriptedEngine.begin;
import static dev.behalf.engine.ScriptedEngine.chunk;
import static dev.behalf.engine.ScriptedEngine.lines;
import static dev.behalf.engine.ScriptedEngine.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

@Timeout(30)
class EngineClientTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final UUID JOB = new UUID(1, 1);
  private static final UUID RUN = new UUID(2, 2);
  private static final UUID USER = new UUID(3, 3);

  private final EngineClient client = new EngineClient(() -> NOW);
  private final List<EngineEvent> events = new ArrayList<>();
  private ScriptedEngine engine;

  @BeforeEach
  void start() throws IOException {
    engine = new ScriptedEngine(result("", "{}"));
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
  }

  @Test
  void an_engine_gets_the_input_and_whose_work_it_is_and_no_credential() {
    engine.now(result("Behalf-Units: 31\r\n", "{\"text\":\"Grüße\"}"));

    assertThat(call()).isEqualTo(done("{\"text\":\"Grüße\"}", OptionalLong.of(31)));

    var received = engine.received.getFirst();
    assertThat(received.line()).isEqualTo("POST /run?model=a HTTP/1.1");
    assertThat(received.body()).isEqualTo("{\"prompt\":\"hello\"}");
    assertThat(received.headers())
        .containsEntry("behalf-protocol", "1")
        .containsEntry("behalf-job", JOB.toString())
        .containsEntry("behalf-run", RUN.toString())
        .containsEntry("behalf-user", USER.toString())
        .containsEntry("behalf-environment", "live")
        .containsEntry("behalf-operation", "generate@3")
        .containsEntry("behalf-attempt", "2")
        .containsEntry("behalf-max-units", "500")
        .containsEntry("behalf-deadline", "2026-11-24T10:00:02Z")
        .containsEntry("content-length", "18")
        .containsEntry("accept-encoding", "identity")
        .doesNotContainKeys(
            "authorization",
            "expect",
            "transfer-encoding",
            "signature",
            "behalf-job-token",
            "upgrade");
  }

  @Test
  void a_token_and_a_trace_are_passed_on() {
    client.call(
        call(
            engine.address(), null, "token", "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01"),
        events::add);

    assertThat(engine.received.getFirst().headers())
        .containsEntry("behalf-job-token", "token")
        .containsEntry("traceparent", "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01");
  }

  @Test
  void connections_are_kept() {
    for (int i = 0; i < 5; i++) {
      call();
    }
    engine.now(lines("{\"log\":{\"message\":\"x\"}}", "{\"result\":{}}", "{\"after\":1}"));
    for (int i = 0; i < 5; i++) {
      call();
    }

    assertThat(engine.connections).hasValue(1);
  }

  @Test
  void lines_are_heard_up_to_the_first_result() {
    engine.now(
        lines(
            "{\"progress\":{\"fraction\":0.4,\"message\":\"page 4\"}}",
            "",
            "{\"output\":{\"delta\":\"Dear \"}}\r",
            "{\"log\":{\"message\":\"loaded\"}}",
            "{\"usage\":{\"units\":12}}",
            "{\"of_a_later_version\":true}",
            "{\"result\":{\"text\":\"Dear\"}}",
            "{\"result\":{\"text\":\"again\"}}"));

    assertThat(call()).isEqualTo(done("{\"text\":\"Dear\"}", OptionalLong.of(12)));
    assertThat(events)
        .containsExactly(
            new EngineEvent.Progress(object("{\"fraction\":0.4,\"message\":\"page 4\"}")),
            new EngineEvent.Output(object("{\"delta\":\"Dear \"}")),
            new EngineEvent.Log(object("{\"message\":\"loaded\"}")),
            new EngineEvent.Usage(12));
  }

  @Test
  void units_beside_the_result_count_before_the_last_usage() {
    engine.now(lines("{\"usage\":{\"units\":12}}", "{\"result\":{},\"units\":9}"));

    assertThat(call()).isEqualTo(done("{}", OptionalLong.of(9)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {\"problem\":{\"code\":\"audio_unreadable\",\"detail\":\"No sound.\"}} | audio_unreadable | No sound.",
        "413 | {\"code\":\"too_long\",\"detail\":\"Cut it.\"}   | too_long | Cut it.",
        "415 | {\"title\":\"Of a title alone\"}                 | refused  | Of a title alone",
        "422 | <html>                                           | refused  | It gave no detail.",
        "422 | {\"code\":\"No Code\",\"detail\":\"\\u0000x\"}   | refused  | \uFFFDx",
      })
  void a_refusal_is_final_and_has_the_engines_words(
      int status, String body, String code, String detail) {
    engine.now(answer(status + " X", "Content-Type: application/json\r\n", body));

    assertThat(call()).isEqualTo(new EngineAnswer.Refused(code, detail));
  }

  @Test
  void a_problem_in_a_line_is_final_unless_it_may_pass() {
    engine.now(lines("{\"problem\":{\"code\":\"bad\",\"detail\":\"No.\",\"retry\":false}}"));
    assertThat(call()).isEqualTo(new EngineAnswer.Refused("bad", "No."));

    engine.now(lines("{\"problem\":{\"code\":\"bad\",\"detail\":\"No.\",\"retry\":true}}"));
    assertThat(call()).isEqualTo(new EngineAnswer.Failed(false, "The engine reported bad.", "No."));
  }

  @ParameterizedTest
  @CsvSource({
    "429, Retry-After: 7, PT7S",
    "503, Retry-After: 0, PT0S",
    "503, 'Retry-After: Tue, 24 Nov 2026 10:00:30 GMT', PT30S",
    "503, 'Retry-After: Tue, 24 Nov 2026 09:00:00 GMT', PT0S",
  })
  void a_busy_engine_says_when_to_ask_again(int status, String header, Duration after) {
    engine.now(answer(status + " X", header + "\r\n", ""));

    assertThat(call()).isEqualTo(new EngineAnswer.Busy(after));
    assertThat(engine.received).as("the job is called again, not the request").hasSize(1);
  }

  @Test
  void a_busy_engine_need_not_say_when() {
    engine.now(answer("503 X", "Retry-After: soon\r\n", ""));

    assertThat(call()).isEqualTo(new EngineAnswer.Busy(null));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 405, 407, 301, 302, 303, 307, 308})
  void what_only_the_operator_can_mend_is_no_attempt(int status) {
    engine.now(answer(status + " X", "Location: http://127.0.0.1:1/\r\n", "{}"));

    assertThat(call()).isInstanceOf(EngineAnswer.Unusable.class);
    assertThat(engine.received).as("no redirect is followed").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 202, 402, 408, 409, 410, 418, 500, 502, 504})
  void other_answers_are_failed_attempts(int status) {
    engine.now(answer(status + " X", "", status == 204 ? "" : "{}"));

    assertThat(call()).isInstanceOf(EngineAnswer.Failed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[1]",
        "\"text\"",
        "null",
        "",
        "{\"a\":1,\"a\":2}",
        "{} {}",
        "{\"a\":NaN}",
      })
  void a_result_that_is_no_json_object_is_a_failed_attempt(String body) {
    engine.now(result("", body));

    assertThat(call()).isInstanceOf(EngineAnswer.Failed.class);
  }

  @Test
  void text_that_is_not_utf8_is_a_failed_attempt() {
    engine.now(
        out -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"a\":\""
                  .getBytes(UTF_8));
          out.write(0xff);
          out.write("\"}".getBytes(UTF_8));
          out.flush();
        });

    assertThat(call())
        .isEqualTo(new EngineAnswer.Failed(false, "The engine sent text that is not Unicode."));
  }

  @Test
  void half_of_a_surrogate_pair_is_a_failed_attempt() {
    engine.now(result("", "{\"a\":\"\\ud800\"}"));

    assertThat(call()).isInstanceOf(EngineAnswer.Failed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"progress\":{\"fraction\":1.1}}",
        "{\"progress\":4}",
        "{\"output\":{\"delta\":5}}",
        "{\"output\":\"x\"}",
        "{\"log\":{}}",
        "{\"usage\":{\"units\":-1}}",
        "{\"usage\":{\"units\":1.5}}",
        "{\"result\":{},\"units\":\"3\"}",
        "{\"result\":[]}",
        "not json",
      })
  void a_line_that_breaks_the_protocol_is_a_failed_attempt(String line) {
    engine.now(lines(line, "{\"result\":{}}"));

    assertThat(call())
        .isInstanceOfSatisfying(
            EngineAnswer.Failed.class, failed -> assertThat(failed.isLost()).isFalse());
  }

  @Test
  void units_in_a_header_are_a_whole_number() {
    engine.now(result("Behalf-Units: many\r\n", "{}"));

    assertThat(call())
        .isEqualTo(new EngineAnswer.Failed(false, "Behalf-Units is not a whole number."));
  }

  @Test
  void an_answer_of_another_type_or_encoding_is_a_failed_attempt() {
    engine.now(answer("200 OK", "Content-Type: text/html\r\n", "{}"));
    assertThat(call()).isInstanceOf(EngineAnswer.Failed.class);

    engine.now(result("Content-Encoding: gzip\r\n", "{}"));
    assertThat(call())
        .isEqualTo(new EngineAnswer.Failed(false, "The engine sent an encoded body."));
  }

  @Test
  void lines_that_end_without_a_result_were_lost() {
    engine.now(lines("{\"log\":{\"message\":\"x\"}}"));

    assertThat(call())
        .isEqualTo(
            new EngineAnswer.Failed(true, "The answer ended without a result or a problem."));
  }

  @Test
  void a_connection_that_is_cut_was_lost() {
    engine.now(
        out -> {
          begin(out);
          chunk(out, "{\"log\":{\"message\":\"x\"}}\n");
          throw new IOException("cut");
        });

    assertThat(call())
        .isEqualTo(new EngineAnswer.Failed(true, "The connection to the engine was cut."));
    assertThat(events).hasSize(1);
  }

  @Test
  void an_engine_that_streams_may_not_be_silent_and_an_empty_line_is_a_sign_of_life() {
    engine.now(
        out -> {
          begin(out);
          for (int i = 0; i < 8; i++) {
            TimeUnit.MILLISECONDS.sleep(100);
            chunk(out, "\n");
          }
          chunk(out, "{\"log\":{\"message\":\"after 800 ms\"}}\n");
          TimeUnit.SECONDS.sleep(5);
        });

    assertThat(call())
        .isEqualTo(new EngineAnswer.Failed(true, "The engine was silent for 400 ms."));
    assertThat(events).as("heartbeats kept it alive").hasSize(1);
  }

  @Test
  void silence_counts_from_the_sending() {
    engine.now(
        out -> {
          TimeUnit.MILLISECONDS.sleep(600);
          lines("{\"result\":{}}").answer(out);
        });

    assertThat(call())
        .isEqualTo(new EngineAnswer.Failed(true, "The engine was silent for 400 ms."));
  }

  @Test
  void plain_json_may_take_as_long_as_the_run_and_no_longer() {
    engine.now(
        out -> {
          TimeUnit.MILLISECONDS.sleep(600);
          result("", "{}").answer(out);
        });
    assertThat(call()).isInstanceOf(EngineAnswer.Done.class);

    engine.now(out -> TimeUnit.SECONDS.sleep(5));
    assertThat(call())
        .isEqualTo(new EngineAnswer.Failed(true, "The engine did not end within 2000 ms."));
  }

  @Test
  void heartbeats_do_not_make_a_run_longer() {
    engine.now(
        out -> {
          begin(out);
          while (true) {
            TimeUnit.MILLISECONDS.sleep(50);
            chunk(out, "\n");
          }
        });

    assertThat(call())
        .isEqualTo(new EngineAnswer.Failed(true, "The engine did not end within 2000 ms."));
  }

  @Test
  void a_result_of_100_mib_is_read_no_further_than_it_may_be() {
    engine.now(
        out -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 104857600\r\n\r\n{\"a\":\""
                  .getBytes(UTF_8));
          var part = new byte[64 * 1024];
          java.util.Arrays.fill(part, (byte) 'x');
          for (int i = 0; i < 1600; i++) {
            out.write(part);
          }
        });

    assertThat(call()).isEqualTo(new EngineAnswer.TooLarge(2_000));
  }

  @Test
  void a_result_of_many_values_or_levels_is_a_failed_attempt_before_it_takes_memory() {
    var bound =
        new EngineAnswer.Failed(
            false,
            "The engine sent JSON of more than 200,000 values, or nested more than 64 levels.");
    engine.now(result("", "{\"a\":" + "[".repeat(70) + "]".repeat(70) + "}"));
    assertThat(call()).isEqualTo(bound);

    engine.now(result("", "{\"a\":[" + "{},".repeat(100_000) + "{}]}"));
    assertThat(client.call(large(), events::add)).isEqualTo(bound);
  }

  @Test
  void a_machine_that_does_not_answer_at_all_cannot_be_used() throws IOException {
    // A listener whose queue is full drops what would be one connection more.
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var waiting = new ArrayList<Socket>();
      for (int i = 0; i < 4; i++) {
        var socket = new Socket();
        waiting.add(socket);
        try {
          socket.connect(full.getLocalSocketAddress(), 200);
        } catch (IOException queueIsFull) {
          break;
        }
      }
      var address = URI.create("http://127.0.0.1:" + full.getLocalPort() + "/");

      assertThat(client.call(call(address, null, null, null), events::add))
          .isEqualTo(
              new EngineAnswer.Unusable(true, "The engine does not accept connections in time."));
      for (var socket : waiting) {
        socket.close();
      }
    }
  }

  @Test
  void a_line_and_all_lines_together_are_bounded() {
    engine.now(
        out -> {
          begin(out);
          chunk(out, "x".repeat(1_100_000));
          TimeUnit.SECONDS.sleep(5);
        });
    assertThat(call()).isEqualTo(new EngineAnswer.Failed(false, "A line is longer than 1 MiB."));

    engine.now(
        out -> {
          begin(out);
          var line = "{\"log\":{\"message\":\"" + "x".repeat(500_000) + "\"}}\n";
          for (int i = 0; i < 30; i++) {
            chunk(out, line);
          }
        });
    assertThat(call())
        .isEqualTo(
            new EngineAnswer.Failed(
                false, "The engine sent more than 8 MiB of lines before its end."));
  }

  @Test
  void an_engine_that_does_not_listen_or_has_no_address_cannot_be_used() {
    // Not the port of a server that was just closed: the kernel may still accept connections there.
    var gone = URI.create("http://127.0.0.1:1/");

    assertThat(client.call(call(gone, null, null, null), events::add))
        .isEqualTo(new EngineAnswer.Unusable(true, "The engine does not accept connections."));
    assertThat(
            client.call(
                call(URI.create("http://no-such-host.invalid/"), null, null, null), events::add))
        .isEqualTo(new EngineAnswer.Unusable(true, "The host of the engine has no address."));
  }

  @Test
  void an_engine_that_speaks_no_tls_cannot_be_used_by_https() {
    var address = URI.create(engine.address().toString().replace("http:", "https:"));

    assertThat(client.call(call(address, null, null, null), events::add))
        .isEqualTo(
            new EngineAnswer.Unusable(true, "The TLS connection to the engine cannot be made."));
  }

  /** The example of docs/engines.md. */
  @Test
  void the_signature_is_that_of_the_test_vector() {
    var secret = EngineSecret.of("gpu", "0123456789abcdef0123456789abcdef\n");
    var headers =
        EngineSignature.of(
            secret,
            HttpUrl.get("https://gpu.internal/generate?model=a"),
            "{\"prompt\":\"hello\"}".getBytes(UTF_8),
            java.util.Map.of("Behalf-Protocol", "1", "Behalf-Attempt", "2", "Accept", "x"),
            NOW,
            "5ca7f1b2-7b1d-4f0e-9a35-0d3c1d6a9d11");

    assertThat(headers)
        .containsEntry("Content-Digest", "sha-256=:ikRyUhC53NT+/Z8Oyge3CuReaSdKMQX7JetCaiz4u/Q=:")
        .containsEntry(
            "Signature-Input",
            "sig1=(\"@method\" \"@path\" \"@query\" \"content-digest\" \"behalf-attempt\" \"behalf-protocol\");created=1795514400;nonce=\"5ca7f1b2-7b1d-4f0e-9a35-0d3c1d6a9d11\";keyid=\"gpu\";alg=\"hmac-sha256\"")
        .containsEntry("Signature", "sig1=:02+1oTEoIfBV6/X3thHQRDsLwT3dXpAbin0jxZeI29c=:");
  }

  @Test
  void a_call_with_a_secret_is_signed_with_all_that_says_whose_it_is() {
    client.call(
        call(
            engine.address(),
            EngineSecret.of("gpu", "0123456789abcdef0123456789abcdef"),
            "token",
            null),
        events::add);

    var headers = engine.received.getFirst().headers();
    assertThat(headers.get("signature")).startsWith("sig1=:");
    assertThat(headers.get("signature-input"))
        .contains(
            "\"@query\"",
            "\"behalf-user\"",
            "\"behalf-run\"",
            "\"behalf-job-token\"",
            "keyid=\"gpu\"")
        .doesNotContain("accept");
  }

  private EngineAnswer call() {
    return client.call(call(engine.address(), null, null, null), events::add);
  }

  private static EngineCall call(
      URI address,
      @Nullable EngineSecret secret,
      @Nullable String token,
      @Nullable String traceparent) {
    return new EngineCall(
        new Endpoint.Behalf(address, secret, token),
        JOB,
        RUN,
        USER,
        Environment.LIVE,
        "generate@3",
        2,
        500,
        "{\"prompt\":\"hello\"}".getBytes(UTF_8),
        Duration.ofSeconds(2),
        Duration.ofMillis(400),
        2_000,
        traceparent);
  }

  private EngineCall large() {
    var call = call(engine.address(), null, null, null);
    return new EngineCall(
        call.endpoint(),
        call.jobId(),
        call.runId(),
        call.userId(),
        call.environment(),
        call.operation(),
        call.attempt(),
        call.maxUnits(),
        call.input(),
        call.runWithin(),
        call.silence(),
        4_000_000,
        null);
  }

  private static EngineAnswer done(String result, OptionalLong units) {
    return new EngineAnswer.Done(object(result), units);
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) StrictJson.MAPPER.readTree(json);
  }
}
