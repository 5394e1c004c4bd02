package dev.behalf.e2e.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A worker that runs as a process of its own, by a command and environment variables. */
final class WorkerProcess implements AutoCloseable {

  /** The longest time for a stop: a call, the confirm of its outcome, and some rest. */
  private static final int SECONDS_TO_STOP = 45;

  private final ProcessBuilder builder;
  private final Path output;
  private @Nullable Process process;

  WorkerProcess(List<String> command, Map<String, String> environment, Path output) {
    this.output = output;
    builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().putAll(environment);
  }

  boolean isRunning() {
    return process != null && process.isAlive();
  }

  void start() throws IOException {
    process = builder.start();
  }

  /** Kills the process at once, as a power cut would. */
  void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Sends SIGTERM. */
  void terminate() {
    if (process != null) {
      process.destroy();
    }
  }

  void awaitEnd() throws InterruptedException {
    assertThat(process != null && process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS))
        .as("ends after SIGTERM")
        .isTrue();
  }

  /** Returns everything that the worker has written. */
  String output() throws IOException {
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
