package dev.behalf.cli.profile;

import dev.behalf.client.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;

/** Finds the Behalf that {@code behalf up} started from a data folder, by its run file. */
public final class RunningHere {

  private RunningHere() {}

  public static Optional<ServerAddress> address(Path data) throws IOException {
    var file = data.resolve("run.properties");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var run = new Properties();
    try (var in = Files.newInputStream(file)) {
      run.load(in);
    }
    return isAlive(run.getProperty("web-app.pid", ""), run.getProperty("web-app.started", ""))
        ? Optional.of(ServerAddress.parse(run.getProperty("web", "")))
        : Optional.empty();
  }

  /** Compares the start time as well: the id of an ended process may belong to another one now. */
  private static boolean isAlive(String pid, String started) {
    return pid.matches("\\d{1,18}")
        && ProcessHandle.of(Long.parseLong(pid))
            .flatMap(process -> process.info().startInstant())
            .map(Instant::toString)
            .filter(started::equals)
            .isPresent();
  }
}
