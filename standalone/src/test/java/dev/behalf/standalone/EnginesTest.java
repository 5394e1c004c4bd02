package dev.behalf.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesTest {

  private static final String DEFINITION =
      """
      name: shout
      title: Shout
      input: {type: object, required: [text], properties: {text: {type: string}}}
      examples: [{title: A greeting, input: {text: hello}}]
      units: {name: job, fixed: 1}
      run: quick
      limits: {run_within: 2s}
      engine: {http: 'http://127.0.0.1:%d/'}
      """;

  @TempDir Path folder;
  private HttpServer engine;
  private Path file;

  private record Ended(int code, String out, String err) {}

  @BeforeEach
  void start() throws IOException {
    engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    engine.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    engine.createContext("/", EnginesTest::answer);
    engine.start();
    file = folder.resolve("shout.yaml");
    write(DEFINITION.formatted(engine.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    engine.stop(0);
  }

  private static void answer(HttpExchange call) throws IOException {
    var isJson = new String(call.getRequestBody().readAllBytes(), UTF_8).endsWith("}");
    var body = "{\"text\":\"HELLO\"}".getBytes(UTF_8);
    call.getResponseHeaders().set("Content-Type", "application/json");
    call.sendResponseHeaders(isJson ? 200 : 422, body.length);
    call.getResponseBody().write(body);
    call.close();
  }

  @Test
  void a_good_engine_is_told_rule_by_rule() {
    var ended = check();

    assertThat(ended.code()).as(ended.out()).isZero();
    assertThat(ended.out())
        .contains("ok    It answers each example with a result.", "ok    It answers the same job")
        .doesNotContain("FAIL");
  }

  @Test
  void an_engine_that_is_away_fails_with_the_reason() {
    engine.stop(0);

    var ended = check();

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out())
        .contains(
            "FAIL  It answers each example with a result.",
            "      The engine does not accept connections.");
  }

  @Test
  void what_cannot_be_checked_is_said_with_what_to_change() throws IOException {
    var yaml = DEFINITION.formatted(1);
    write(yaml.replace("http: 'http://127.0.0.1:1/'", "builtin: echo"));
    assertThat(check().err()).contains("there is nothing to check");

    write(yaml.replace("examples:", "# examples:"));
    assertThat(check().err()).contains("has no example: add one");

    write(yaml.replace("1/'}", "1/', secret: gpu}"));
    assertThat(check().err()).contains("names the secret \"gpu\": add --secrets FOLDER");
    assertThat(check("--secrets", folder.toString()).err()).contains("gpu does not exist");
    Files.writeString(folder.resolve("gpu"), "short");
    assertThat(check("--secrets", folder.toString()).err())
        .contains("\"gpu\" has 5 bytes: write at least 32")
        .doesNotContain("short");

    write("name: [");
    assertThat(check().err()).contains("line 1");
  }

  private void write(String yaml) throws IOException {
    Files.writeString(file, yaml);
  }

  private Ended check(String... options) {
    var words = new ArrayList<>(List.of("engines", "check", file.toString()));
    words.addAll(List.of(options));
    var before = System.out;
    var out = new ByteArrayOutputStream();
    var err = new StringWriter();
    try {
      System.setOut(new PrintStream(out, true, UTF_8));
      var command = Behalf.commandLine();
      command.setErr(new PrintWriter(err, true));
      return new Ended(
          command.execute(words.toArray(String[]::new)), out.toString(UTF_8), "" + err);
    } finally {
      System.setOut(before);
    }
  }
}
