package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogFileTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"0, ''", "1, c", "2, b c", "3, a b c", "4, a b c"})
  void no_more_than_the_last_lines_are_returned(int lines, String expected) throws IOException {
    assertThat(String.join(" ", log("a", "b", "c").last(lines))).isEqualTo(expected);
  }

  @Test
  void a_log_that_is_not_there_has_no_size_and_no_cause() throws IOException {
    var none = new LogFile("worker", folder.resolve("none.log"));

    assertThat(none.size()).isZero();
    assertThat(none.cause()).isEmpty();
  }

  @Test
  void a_log_without_an_error_has_no_cause() throws IOException {
    assertThat(log(event("INFO", "Started"), event("WARN", "Slow"), "", "17", "plain").cause())
        .isEmpty();
  }

  @Test
  void the_last_error_is_the_cause() throws IOException {
    var log = log(event("ERROR", "first"), event("ERROR", "second"), event("INFO", "Closing"));

    assertThat(log.cause()).hasValue("second.");
  }

  @Test
  void an_exception_says_more_than_the_message_of_its_event() throws IOException {
    assertThat(log(error("Start failed", "no key", "a.B: no key\\n\\tat x")).cause())
        .hasValue("no key.");
  }

  @Test
  void the_innermost_cause_says_the_most() throws IOException {
    var trace =
        "a.B: outer\\n"
            + "\\tat x\\n"
            + "Caused by: c.D: middle\\n"
            + "\\tat y\\n"
            + "Caused by: e.F$G: inner \\n"
            + "\\tat z";

    assertThat(log(error("failed", "outer", trace)).cause()).hasValue("inner.");
  }

  @Test
  void a_sentence_gets_no_second_full_stop() throws IOException {
    assertThat(log(event("ERROR", "It is broken.")).cause()).hasValue("It is broken.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Error: Could not find or load main class x",
        "Exception in thread \"main\" java.lang.IllegalStateException",
        "OpenJDK 64-Bit Server VM warning: Memory allocation failed",
        "java.lang.StackOverflowError, then OutOfMemoryError"
      })
  void what_the_jvm_itself_says_before_there_is_a_log_is_a_cause(String line) throws IOException {
    assertThat(log(event("INFO", "Starting"), "  at x", line).cause().orElseThrow())
        .startsWith(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Port 8080 is already in use|--port",
        "write: No space left on device|Free some disk space.",
        "java.lang.OutOfMemoryError: heap|1.5 GB",
        "There is insufficient memory|1.5 GB",
        "/data: Permission denied|--data",
        "Connection refused|A required server is not running."
      })
  void a_known_cause_is_told_with_its_remedy(String cause, String remedy) throws IOException {
    assertThat(log(event("ERROR", cause)).cause().orElseThrow())
        .startsWith(cause + ". ")
        .contains(remedy);
  }

  @Test
  void an_error_of_an_earlier_start_is_not_the_cause() throws IOException {
    var lines =
        IntStream.range(0, 501).mapToObj(i -> event(i == 0 ? "ERROR" : "INFO", "old")).toList();

    assertThat(log(lines).cause()).as("500 lines later").isEmpty();
    assertThat(log(lines.subList(0, 500)).cause()).as("499 lines later").hasValue("old.");
  }

  @Test
  void a_readable_line_has_time_service_level_message_error_and_job() throws IOException {
    var line =
        """
        {"@timestamp":"2026-11-24T10:00:00Z","log":{"level":"WARN"},"message":"Job failed",\
        "error":{"message":"too long"},"job_id":"42"}\
        """;

    assertThat(log().readable(line))
        .isEqualTo("2026-11-24T10:00:00Z worker         WARN  Job failed: too long [job 42]");
  }

  @Test
  void a_readable_line_has_nothing_for_what_the_event_has_not() throws IOException {
    assertThat(log().readable(event("INFO", "Started")))
        .isEqualTo("t worker         INFO  Started");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OpenJDK warning", "{\"message\":", "\tat a.B.c(B.java:1)"})
  void a_line_that_is_no_json_is_shown_as_it_is(String line) throws IOException {
    assertThat(log().readable(line)).isEqualTo(line);
  }

  private LogFile log(String... lines) throws IOException {
    return log(Arrays.asList(lines));
  }

  private LogFile log(List<String> lines) throws IOException {
    return new LogFile("worker", Files.write(folder.resolve("worker.log"), lines));
  }

  private static String event(String level, String message) {
    return "{\"@timestamp\":\"t\",\"log\":{\"level\":\"%s\"},\"message\":\"%s\"}"
        .formatted(level, message);
  }

  private static String error(String message, String error, String trace) {
    return """
    {"log":{"level":"ERROR"},"message":"%s","error":{"message":"%s","stack_trace":"%s"}}\
    """
        .formatted(message, error, trace);
  }
}
