package dev.behalf.testkit.faults;

import dev.behalf.database.Roles;
import dev.behalf.standalone.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server of a test, with its data in its own folder. */
public final class PostgresNode {

  static final Roles.Login ADMIN = new Roles.Login("postgres", "");

  private static final Duration START = Duration.ofSeconds(60);

  private final Path programs;
  private final Path folder;
  private final Path data;
  private final Path log;
  private final int port = Ports.free();
  private final List<String> options;
  private @Nullable Process process;

  PostgresNode(Path programs, Path folder, String name, String... options) {
    this.programs = programs;
    this.folder = folder;
    this.data = folder.resolve(name);
    this.log = folder.resolve(name + ".log");
    this.options = List.of(options);
  }

  public int port() {
    return port;
  }

  /** Creates the data of an empty server. */
  void initialize() throws IOException, InterruptedException {
    run("initdb", "-D", data.toString(), "-U", ADMIN.name(), "--auth=trust", "-E", "UTF8");
  }

  /** Creates a standby of another server, which replicates under the given name. */
  void copyOf(PostgresNode primary, String name) throws IOException, InterruptedException {
    run(
        "pg_basebackup",
        "-D",
        data.toString(),
        "-d",
        "host=127.0.0.1 port="
            + primary.port
            + " user="
            + ADMIN.name()
            + " application_name="
            + name,
        "-R",
        "-X",
        "stream",
        "-c",
        "fast");
  }

  public void start() throws IOException {
    var command = asPostgres(programs.resolve("postgres").toString());
    command.addAll(List.of("-D", data.toString(), "-p", String.valueOf(port), "-k", ""));
    // Sessions of clients that vanished silently stay for hours, until TCP notices: hence 500.
    command.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "max_connections=500"));
    options.forEach(option -> command.addAll(List.of("-c", option)));
    process =
        new ProcessBuilder(command)
            .directory(data.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  /**
   * Starts the server and waits until it answers. After a power cut the last run's shared memory
   * may still be in use, so the start is repeated.
   */
  public void startAndWait() {
    Awaitility.await()
        .atMost(START)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              var running = process;
              if (running == null || !running.isAlive()) {
                start();
              }
              return answers();
            });
  }

  /** Kills the server and all its backends at once, as a power cut would. */
  public void kill() {
    var running = process;
    if (running != null) {
      ProcessSignals.killTree(running.toHandle());
      process = null;
    }
  }

  /** Suspends all processes of the server. */
  public void stop() throws IOException, InterruptedException {
    for (var one : all()) {
      ProcessSignals.stop(one);
    }
  }

  public void goOn() throws IOException, InterruptedException {
    for (var one : all()) {
      ProcessSignals.goOn(one);
    }
  }

  /** Promotes a standby to a primary. */
  public void promote() throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute("select pg_promote(true, 60)");
    }
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres?connectTimeout=2&socketTimeout=60",
        ADMIN.name(),
        ADMIN.password());
  }

  boolean answers() {
    try (var connection = connect()) {
      return connection.isValid(2);
    } catch (SQLException notYet) {
      return false;
    }
  }

  private List<Long> all() {
    var running = process;
    if (running == null) {
      throw new IllegalStateException("The server does not run.");
    }
    var all = new ArrayList<>(List.of(running.pid()));
    running.descendants().map(ProcessHandle::pid).forEach(all::add);
    return all;
  }

  private void run(String program, String... arguments) throws IOException, InterruptedException {
    var command = asPostgres(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    var started =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (!started.waitFor(60, TimeUnit.SECONDS) || started.exitValue() != 0) {
      throw new IOException(program + " did not work: " + Files.readString(log));
    }
  }

  /**
   * Returns the command, run as the user postgres if this process runs as root, which PostgreSQL
   * refuses. The process id stays the server's.
   */
  private static List<String> asPostgres(String program) {
    return PrivatePostgres.isRoot()
        ? new ArrayList<>(
            List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", program))
        : new ArrayList<>(List.of(program));
  }
}
