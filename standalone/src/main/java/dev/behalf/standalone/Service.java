package dev.behalf.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A service as a child process that runs its own boot jar, with its log in a file. */
public final class Service implements AutoCloseable {

  /** Options for java, with either {@link Compilation}. */
  static final List<String> JVM = jvm();

  /**
   * Longest time to stop a service: it finishes its running jobs and writes its AOT cache, which
   * takes some 15 s.
   */
  static final Duration TO_END = Duration.ofSeconds(75);

  /** A service that is neither ready nor ended counts as hung after this time without activity. */
  private static final Duration MOTIONLESS = Duration.ofMinutes(2);

  private static final Duration TELL_EVERY = Duration.ofSeconds(15);

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

  private final String name;
  private final URI management;
  private final LogFile log;
  private final ProcessBuilder command;
  private @Nullable Process process;

  /**
   * Prepares a service; {@link #start} starts it.
   *
   * @param environment variables for the process, in addition to this one's
   * @param managementPort port of its health endpoint
   */
  public Service(String name, Map<String, String> environment, int managementPort, Path log) {
    this(name, environment, managementPort, log, new QuickStart(name).arguments());
  }

  /**
   * Prepares a service with its own arguments for java.
   *
   * @param arguments arguments for java, the jar last
   */
  Service(
      String name,
      Map<String, String> environment,
      int managementPort,
      Path log,
      List<String> arguments) {
    this.name = name;
    this.management = URI.create("http://127.0.0.1:" + managementPort);
    this.log = new LogFile(name, log);
    command =
        new ProcessBuilder(command(arguments))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    command.environment().putAll(environment);
  }

  public String name() {
    return name;
  }

  /** Returns the address of the health endpoint and the metrics. */
  public URI management() {
    return management;
  }

  public synchronized void start() throws IOException {
    process = command.start();
  }

  public synchronized long pid() {
    return process == null ? -1 : process.pid();
  }

  public synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  public boolean isReady() {
    try {
      var request =
          HttpRequest.newBuilder(management.resolve("/actuator/health/readiness"))
              .timeout(Duration.ofSeconds(2))
              .build();
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  public void awaitReady(Duration atMost) throws InterruptedException {
    awaitReady(atMost, waiting -> {});
  }

  /**
   * Waits until the service reports that it is ready. A busy machine may be slow, so a service that
   * still shows activity gets the whole time.
   *
   * @param progress receives a line every 15 s while the service starts
   * @throws UserError with the cause, if the service ends, takes longer, or shows no activity for 2
   *     minutes
   */
  void awaitReady(Duration atMost, Consumer<String> progress) throws InterruptedException {
    var start = System.nanoTime();
    var sign = new LifeSign(start, Duration.ZERO, 0);
    var told = start;
    while (!isReady()) {
      var now = System.nanoTime();
      if (!isAlive()) {
        throw notReady(name + " ended with exit code " + exitCode());
      }
      if (now - start > atMost.toNanos()) {
        throw notReady(name + " is not ready after " + atMost.toSeconds() + " s");
      }
      sign = sign.next(now, cpu(), log.size());
      if (now - sign.at() > MOTIONLESS.toNanos()) {
        throw notReady(
            name + " is not ready, and was inactive for " + MOTIONLESS.toSeconds() + " s");
      }
      if (now - told > TELL_EVERY.toNanos()) {
        told = now;
        progress.accept(
            "waiting for %s: %d s, with %d s of CPU time so far"
                .formatted(
                    name, TimeUnit.NANOSECONDS.toSeconds(now - start), sign.cpu().toSeconds()));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /**
   * A sign of activity: the service has written to its log, or used more CPU time than a process
   * that only waits.
   *
   * @param at time of the sign, from {@link System#nanoTime}
   */
  private record LifeSign(long at, Duration cpu, long written) {

    LifeSign next(long now, Duration cpuNow, long writtenNow) {
      return writtenNow > written || cpuNow.minus(cpu).compareTo(Duration.ofMillis(500)) > 0
          ? new LifeSign(now, cpuNow, writtenNow)
          : this;
    }
  }

  private synchronized Duration cpu() {
    return process == null
        ? Duration.ZERO
        : process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private synchronized int exitCode() {
    return process == null ? -1 : process.exitValue();
  }

  private UserError notReady(String what) {
    try {
      return new UserError(what + log.cause().map(cause -> ": " + cause).orElse(".") + remedy());
    } catch (IOException | UncheckedIOException unreadable) {
      return new UserError(what + "." + remedy());
    }
  }

  private String remedy() {
    return "\n`behalf logs " + name + "` shows the end of " + log.path() + ".";
  }

  /** Kills the process at once, as a power cut would. */
  public synchronized void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Asks the process to end, and kills it if it takes too long. */
  @Override
  public synchronized void close() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(TO_END.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Returns the command for a program in a JVM with the same options as the services. */
  public static List<String> command(List<String> arguments) {
    return command(Compilation.chosen(), arguments);
  }

  static List<String> command(Compilation compilation, List<String> arguments) {
    var command = new ArrayList<>(List.of(java()));
    command.addAll(JVM);
    command.addAll(compilation.options());
    command.addAll(arguments);
    return command;
  }

  /**
   * Returns the JVM options. A run that records an AOT cache has the same ones, because the cache
   * is valid only for them.
   */
  private static List<String> jvm() {
    var options =
        new ArrayList<>(
            List.of(
                "-XX:+UseSerialGC",
                // Grows as needed: 256 jobs at once with the longest texts fill most of the heap.
                "-Xms64m",
                "-Xmn40m",
                "-Xmx320m",
                // A collection of the idle heap (IdleHeap) returns all but what is needed.
                "-XX:MinHeapFreeRatio=20",
                "-XX:MaxHeapFreeRatio=40",
                "-XX:-ShrinkHeapInSteps",
                "-XX:+ExitOnOutOfMemoryError"));
    if (Runtime.version().feature() >= 25) {
      options.addAll(
          List.of(
              // Objects take a fifth less memory (JEP 519).
              "-XX:+UseCompactObjectHeaders",
              // Memory that the compilers no longer use goes back to the system; in ms.
              "-XX:TrimNativeHeapInterval=10000",
              // Maps the AOT cache at the address in the file, so that replicas share its classes.
              // The default moves them at each start, as a defence against attacks on native code.
              "-XX:+UnlockDiagnosticVMOptions",
              "-XX:ArchiveRelocationMode=0"));
    }
    if (Runtime.version().feature() >= 24) {
      options.addAll(
          List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    }
    return List.copyOf(options);
  }
}
