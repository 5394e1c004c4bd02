package dev.behalf.standalone;

import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/** What one service has written: a line of JSON for each event, for machines. */
record LogFile(String service, Path path) {

  /** The last lines, as they were written. */
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

  /** What a person wants of a line: time, level, message, what went wrong, and the job. */
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
