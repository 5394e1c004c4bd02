package dev.behalf.standalone;

import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "logs", description = "Prints the last lines of the logs.")
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
      description = "Number of lines per service (default: ${DEFAULT-VALUE}).")
  int lines;

  @Option(names = "--json", description = "Prints the JSON lines unchanged.")
  boolean json;

  @Override
  public Integer call() throws Exception {
    if (service != null && !SERVICES.contains(service)) {
      throw new UserError(
          "Unknown service: " + service + ". Use one of " + String.join(", ", SERVICES) + ".");
    }
    for (var name : service == null ? SERVICES : List.of(service)) {
      var log = new LogFile(name, behalf.data.resolve("logs").resolve(name + ".log"));
      if (Files.exists(log.path())) {
        for (var line : log.last(lines)) {
          System.out.println(json ? line : log.readable(line));
        }
      }
    }
    return 0;
  }
}
