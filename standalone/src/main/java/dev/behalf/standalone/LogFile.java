package dev.behalf.standalone;

import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/** The log file of one service, with a line of JSON for each event. */
record LogFile(String service, Path path) {

  private static final int LINES_OF_A_START = 500;
  private static final Pattern CAUSE = Pattern.compile("(?m)^Caused by: (?:[\\w.$]+: )?(.+)$");
  private static final Pattern OF_THE_JVM =
      Pattern.compile(
          "^(Error|Exception|OpenJDK.*(error|failed)|.*OutOfMemoryError|.*insufficient)");

  /** Remedies, by a text that the cause contains. */
  private static final Map<String, String> REMEDIES =
      Map.of(
          "in use", "Another program uses a port: start again, or choose one with --port.",
          "No space left", "Free some disk space.",
          "OutOfMemory", "Behalf needs about 1.5 GB of memory: close other programs first.",
          "insufficient", "Behalf needs about 1.5 GB of memory: close other programs first.",
          "Permission denied", "Make yourself the folder's owner, or choose another with --data.",
          "Connection refused", "A required server is not running.");

  /** Returns the last lines, unchanged. */
  List<String> last(int lines) throws IOException {
    var last = new ArrayDeque<String>();
    try (Stream<String> all = Files.lines(path)) {
      all.forEach(
          line -> {
            last.add(line);
            if (last.size() > lines) {
              last.remove();
            }
          });
    }
    return List.copyOf(last);
  }

  /** Returns the size in bytes, or 0 if the file does not exist. */
  long size() {
    try {
      return Files.exists(path) ? Files.size(path) : 0;
    } catch (IOException gone) {
      return 0;
    }
  }

  /**
   * Returns why the service has ended, by the last error in the log: the innermost cause, and what
   * to do.
   */
  Optional<String> cause() throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    return last(LINES_OF_A_START).reversed().stream()
        .map(this::causeIn)
        .flatMap(Optional::stream)
        .findFirst()
        .map(LogFile::withRemedy);
  }

  private Optional<String> causeIn(String line) {
    try {
      var event = StrictJson.MAPPER.readTree(line);
      if (!event.path("log").path("level").asString("").equals("ERROR")) {
        return Optional.empty();
      }
      var message =
          event.path("error").path("message").asString(event.path("message").asString(""));
      return Optional.of(
          CAUSE
              .matcher(event.path("error").path("stack_trace").asString(""))
              .results()
              .map(found -> found.group(1))
              .reduce(message, (outer, inner) -> inner)
              .strip());
    } catch (JacksonException notJson) {
      return OF_THE_JVM.matcher(line).find() ? Optional.of(line.strip()) : Optional.empty();
    }
  }

  private static String withRemedy(String cause) {
    return cause
        + (cause.endsWith(".") ? "" : ".")
        + REMEDIES.entrySet().stream()
            .filter(remedy -> cause.contains(remedy.getKey()))
            .findFirst()
            .map(remedy -> " " + remedy.getValue())
            .orElse("");
  }

  /** Returns a line in readable form: time, service, level, message, error, and job. */
  String readable(String line) {
    try {
      var event = StrictJson.MAPPER.readTree(line);
      var error = event.path("error").path("message").asString("");
      var job = event.path("job_id").asString("");
      return "%s %-14s %-5s %s%s%s"
          .formatted(
              event.path("@timestamp").asString(""),
              service,
              event.path("log").path("level").asString(""),
              event.path("message").asString(line),
              error.isEmpty() ? "" : ": " + error,
              job.isEmpty() ? "" : " [job " + job + "]");
    } catch (JacksonException notJson) {
      return line;
    }
  }
}
