package dev.behalf.bench;

import dev.behalf.standalone.Service;
import dev.behalf.standalone.UserError;
import dev.behalf.testkit.faults.ProcessSignals;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the bench in a process of its own, with the services' JVM options. */
final class Program implements AutoCloseable {

  private final Process process;

  private Program(Process process) {
    this.process = process;
    // No process stays behind after an interrupted run.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  static Program start(Class<?> main, Map<String, String> environment, List<String> arguments)
      throws IOException {
    return start(Service.command(arguments(main, arguments)), environment);
  }

  static Program start(List<String> command, Map<String, String> environment) throws IOException {
    var builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return new Program(builder.start());
  }

  /**
   * Returns the arguments for java. The packed bench is started by a launcher, which finds the
   * class; a class path needs none.
   */
  static List<String> arguments(Class<?> main, List<String> arguments) {
    var path = System.getProperty("java.class.path");
    var packed = path.endsWith(".jar") && !path.contains(":");
    var all = new ArrayList<>(List.of("-Dloader.main=" + main.getName(), "-cp", path));
    all.add(packed ? "org.springframework.boot.loader.launch.PropertiesLauncher" : main.getName());
    all.addAll(arguments);
    return all;
  }

  long pid() {
    return process.pid();
  }

  /** Waits until the program answers an HTTP request, with whatever status. */
  void awaitAnswer(URI url) throws InterruptedException {
    for (int i = 0; i < 600 && process.isAlive(); i++) {
      try {
        new HttpLoad(url, 1).send(1, n -> HttpLoad.get("/"), false);
        return;
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    throw new UserError("A program of the bench does not start.");
  }

  /** Suspends the program and its children, which do not notice. */
  void suspend() throws IOException, InterruptedException {
    for (var one : tree()) {
      ProcessSignals.stop(one.pid());
    }
  }

  void resume() throws IOException, InterruptedException {
    for (var one : tree()) {
      ProcessSignals.goOn(one.pid());
    }
  }

  /** Kills the program: it keeps nothing, and a suspended one would not end by itself. */
  @Override
  public void close() {
    ProcessSignals.killTree(process.toHandle());
  }

  /** Returns the process before its children, which it could start anew. */
  private List<ProcessHandle> tree() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }
}
