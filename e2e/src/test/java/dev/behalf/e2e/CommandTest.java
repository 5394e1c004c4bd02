package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the README, as somebody would type them. */
class CommandTest {

  private static final Path HOME = Path.of(System.getProperty("behalf.home", ".."));

  @TempDir Path data;

  private record Ended(int code, String output) {}

  @Test
  void up_demo_check_and_down() throws Exception {
    assertThat(behalf("status").code()).as("before the start").isEqualTo(1);
    try {
      var up = behalf("up", "--detach", "--port", "18080");
      assertThat(up.code()).as(up.output()).isZero();
      assertThat(up.output()).contains("web-app is ready", "Behalf is ready: http://127.0.0.1:");

      var second = behalf("up");
      assertThat(second.code()).isEqualTo(1);
      assertThat(second.output()).contains("It runs already");

      var demo = behalf("demo");
      assertThat(demo.code()).as(demo.output()).isZero();
      assertThat(demo.output()).contains("Every job has one result", "440 of 440");
      var matches = Pattern.compile("Of 320 messages, (\\d+) got the label").matcher(demo.output());
      assertThat(matches.find()).isTrue();
      assertThat(Integer.parseInt(matches.group(1))).as("of 320").isGreaterThan(200);

      kill("worker\\.pid");
      org.awaitility.Awaitility.await()
          .atMost(java.time.Duration.ofMinutes(1))
          .until(() -> behalf("status").code() == 0);

      kill("(?m)^pid");
      var again = behalf("up", "--detach", "--port", "18080");
      assertThat(again.code()).as("over what a killed one has left: " + again.output()).isZero();

      var check = behalf("check");
      assertThat(check.code()).as(check.output()).isZero();
      assertThat(check.output()).doesNotContain("BROKEN");
      assertThat(behalf("logs", "worker").output()).contains("worker");
      assertThat(secrets()).as("who may read the secrets").isEqualTo("rw-------");
    } finally {
      assertThat(behalf("down").code()).isZero();
    }
    assertThat(behalf("status").code()).as("after the stop").isEqualTo(1);
  }

  @Test
  void help_names_every_command_and_a_wrong_one_is_told() throws Exception {
    assertThat(behalf("help").output()).contains("up", "down", "status", "logs", "demo", "check");
    assertThat(behalf("fly").code()).isNotZero();
  }

  private void kill(String entry) throws Exception {
    var pid =
        Pattern.compile(entry + "=(\\d+)")
            .matcher(Files.readString(data.resolve("run.properties")));
    assertThat(pid.find()).isTrue();
    var process = ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow();
    process.destroyForcibly();
    process.onExit().get(10, TimeUnit.SECONDS);
  }

  private String secrets() throws Exception {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(data.resolve("secrets.properties")));
  }

  private Ended behalf(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(HOME.resolve("behalf").toString()));
    command.addAll(List.of(arguments));
    if (!arguments[0].equals("help")) {
      command.addAll(List.of("--data", data.toString()));
    }
    var output = Files.createTempFile("behalf", ".out");
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(String.join(" ", command)).isTrue();
    return new Ended(process.exitValue(), Files.readString(output));
  }
}
