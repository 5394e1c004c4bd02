package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What somebody reads who uses the command for the first time. */
class CommandLineTest {

  @TempDir Path data;

  private record Ended(int code, String out, String err) {}

  @ParameterizedTest
  @MethodSource("commands")
  void every_command_says_what_it_does_and_its_version(List<String> command) {
    assertThat(call(command, "--help").out()).contains("Usage: behalf", "--version");
    assertThat(call(command, "-h").code()).isZero();
    assertThat(call(command, "--version").out()).startsWith("behalf ");
    assertThat(call(command, "-V").code()).isZero();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void an_unknown_option_is_told_with_where_the_right_ones_are(List<String> command) {
    var ended = call(command, "--no-such-thing");

    assertThat(ended.code()).isEqualTo(2);
    assertReadable(ended);
    assertThat(ended.err())
        .containsAnyOf("--no-such-thing", "Missing required parameter")
        .containsPattern("See `behalf .*`");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void where_nothing_runs_it_says_so_and_no_more(List<String> command) {
    if (command.equals(List.of("up"))) {
      return; // It would start it.
    }
    var ended = call(command);

    assertReadable(ended);
    if (command.size() == 1 && List.of("check", "demo", "status").contains(command.getFirst())) {
      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err()).contains("Nothing is running from", "up");
    }
  }

  @Test
  void an_unknown_command_is_named_with_the_nearest_ones() {
    var ended = call(List.of("stauts"));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("Unknown command: \"stauts\".", "status");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--port 99999",
        "--port -1",
        "--port x",
        "--timeout soon",
        "--broker nowhere",
        "--broker amqp://guest:guest@127.0.0.1:%d",
        "--broker http://127.0.0.1",
        "--database nowhere",
        "--database postgresql://postgres:x@127.0.0.1:%d/behalf",
        "--database postgresql://postgres:x@no-such-host.invalid/behalf"
      })
  void what_cannot_be_started_is_said_in_one_line_before_anything_is(String options)
      throws Exception {
    int nobody;
    try (var socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    var start = System.nanoTime();

    var ended = call(List.of(("up " + options.replace("%d", "" + nobody)).split(" ")));

    assertThat(ended.code()).isIn(1, 2);
    assertReadable(ended);
    assertThat(ended.err()).startsWith("behalf: ").doesNotContain("guest:guest", ":x@");
    assertThat(System.nanoTime() - start).as("ns").isLessThan(12_000_000_000L);
    assertThat(data.resolve("postgres")).doesNotExist();
  }

  @Test
  void a_cause_is_told_with_its_remedy_and_without_the_log() throws Exception {
    var log =
        java.nio.file.Files.writeString(
            data.resolve("web-app.log"),
            """
            {"@timestamp":"t","log":{"level":"INFO"},"message":"Starting"}
            {"@timestamp":"t","log":{"level":"ERROR"},"message":"Application run failed","error":{"message":"outer",\
            "stack_trace":"a.Outer: outer\\n\\tat x\\nCaused by: java.net.BindException: Address already in use\\n\\tat y"}}
            {"@timestamp":"t","log":{"level":"INFO"},"message":"Closing"}
            """);

    assertThat(new LogFile("web-app", log).cause())
        .hasValue(
            "Address already in use. Another program uses a port: start again, or choose one"
                + " with --port.");
  }

  private static void assertReadable(Ended ended) {
    assertThat(ended.out() + ended.err())
        .doesNotContain("\tat ", "Exception", "Internal error of behalf", "java.");
  }

  static Stream<Arguments> commands() {
    var all = new ArrayList<List<String>>();
    collect(Behalf.commandLine(), List.of(), all);
    return all.stream()
        .filter(command -> !command.equals(List.of("help")))
        .map(command -> argumentSet("behalf " + String.join(" ", command), command));
  }

  private static void collect(CommandLine line, List<String> path, List<List<String>> into) {
    line.getSubcommands()
        .forEach(
            (name, sub) -> {
              var here = Stream.concat(path.stream(), Stream.of(name)).toList();
              into.add(here);
              collect(sub, here, into);
            });
  }

  private Ended call(List<String> command, String... options) {
    var line = Behalf.commandLine();
    var out = new StringWriter();
    var err = new StringWriter();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    var arguments = new ArrayList<>(command);
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("--data", data.toString()));
    var code = line.execute(arguments.toArray(String[]::new));
    return new Ended(code, out.toString(), err.toString());
  }
}
