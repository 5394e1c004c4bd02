package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BackgroundTest {

  @TempDir Path data;

  static Stream<Arguments> ends() {
    return Stream.of(
        argumentSet("with a fault", List.of("--port", "99999"), 1, "behalf: Invalid port"),
        argumentSet("without one", List.of("--help"), 1, "Usage: behalf up"));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void a_process_that_ends_before_it_is_ready_has_failed_and_its_lines_are_shown(
      List<String> options, int code, String line) throws Exception {
    var log = Files.createDirectories(data.resolve("logs")).resolve("behalf.log");
    Files.writeString(log, Background.READY + "an earlier start\n");
    var out = new ByteArrayOutputStream();

    var ended = new Background(data, new PrintStream(out, true)).start(options, Map.of());

    assertThat(ended).isEqualTo(code);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains(line).doesNotContain("earlier");
  }
}
