package dev.behalf.standalone;

import dev.behalf.contract.StrictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.core.JacksonException;

@Command(name = "logs", description = "Prints the end of the logs.")
final class Logs implements Callable<Integer> {

  private static final List<String> SERVICES = List.of("web-app", "worker", "compute-server");

  @ParentCommand Behalf behalf = new Behalf();

  @Parameters(
      arity = "0..1",
      paramLabel = "SERVICE",
      description = "web-app, worker or compute-server (default: all).")
  @Nullable String service;

  @Option(
      names = "--lines",
      defaultValue = "50",
      description = "How many (default: ${DEFAULT-VALUE}).")
  int lines;

  @Option(names = "--json", description = "As they were written.")
  boolean json;

  @Override
  public Integer call() throws Exception {
    if (service != null && !SERVICES.contains(service)) {
      throw new UserError("The services are " + String.join(", ", SERVICES) + ".");
    }
    for (var name : service == null ? SERVICES : List.of(service)) {
      var log = behalf.data.resolve("logs").resolve(name + ".log");
      if (Files.exists(log)) {
        print(name, log);
      }
    }
    return 0;
  }

  private void print(String name, Path log) throws Exception {
    long count;
    try (Stream<String> all = Files.lines(log)) {
      count = all.count();
    }
    try (Stream<String> all = Files.lines(log)) {
      all.skip(Math.max(0, count - lines))
          .forEach(line -> System.out.println(json ? line : readable(name, line)));
    }
  }

  /** The lines are JSON for machines; a person wants time, level, message and job. */
  private static String readable(String name, String line) {
    try {
      var event = StrictJson.MAPPER.readTree(line);
      var job = event.path("job_id").asString("");
      return "%s %-14s %-5s %s%s"
          .formatted(
              event.path("@timestamp").asString(""),
              name,
              event.path("log").path("level").asString(""),
              event.path("message").asString(line),
              job.isEmpty() ? "" : " [job " + job + "]");
    } catch (JacksonException notJson) {
      return line;
    }
  }
}
