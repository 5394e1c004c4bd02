package dev.behalf.standalone;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code up} as a process that keeps running when the terminal closes, and shows its log until
 * it is ready.
 */
final class Background {

  /** Start of the log line that reports that everything is healthy. */
  static final String READY = "Behalf is ready: ";

  private final Path data;
  private final PrintStream out;

  Background(Path data, PrintStream out) {
    this.data = data;
    this.out = out;
  }

  /** Starts the process, waits until it is ready or has ended, and returns the exit code. */
  int start(List<String> options, Map<String, String> environment)
      throws IOException, InterruptedException {
    var log = data.resolve("logs").resolve("behalf.log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    var builder = new ProcessBuilder(command(options));
    builder.environment().putAll(environment);
    var process =
        builder
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(log.toFile())
            .start();
    int shown = 0;
    while (true) {
      var lines = Files.exists(log) ? Files.readAllLines(log) : List.<String>of();
      for (; shown < lines.size(); shown++) {
        out.println(lines.get(shown));
      }
      if (lines.stream().anyMatch(line -> line.startsWith(READY))) {
        var folder = data.equals(new Behalf().data) ? "" : " --data " + data;
        out.println(
            "Sign up there and press the button. `behalf down" + folder + "` stops everything.");
        return 0;
      }
      if (!process.isAlive()) {
        return process.exitValue() == 0 ? 1 : process.exitValue();
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /**
   * Returns the command for the same program without {@code --detach}; nohup keeps the process
   * alive when the terminal closes.
   */
  private List<String> command(List<String> options) {
    var command = new ArrayList<String>();
    if (Files.isExecutable(Path.of("/usr/bin/nohup"))) {
      command.add("/usr/bin/nohup");
    }
    command.add(Service.java());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    var classPath = System.getProperty("java.class.path");
    command.addAll(
        classPath.endsWith("-boot.jar")
            ? List.of("-jar", classPath)
            : List.of("-cp", classPath, Behalf.class.getName()));
    command.addAll(List.of("up", "--in-background", "--data", data.toString()));
    command.addAll(options);
    return command;
  }
}
