package dev.behalf.standalone;

import dev.behalf.database.BehalfDatabase;
import dev.behalf.database.Roles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A complete Behalf on this machine. Closing stops its parts in reverse order, so that the worker
 * can still report the outcomes that it holds.
 */
final class Installation implements AutoCloseable {

  /**
   * Longest time to stop the three services, one after the other, and then the broker and the
   * database.
   */
  static final Duration TO_END = Service.TO_END.multipliedBy(3).plusSeconds(15);

  private final Path data;
  private final Consumer<String> progress;
  private final SecretFile secrets;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<Service> services = new ArrayList<>();
  private @Nullable Path operations;
  private @Nullable Path engineSecrets;
  private Map<String, String> chat = Map.of();
  private @Nullable PrintedMails mails;
  private boolean learns;
  private long stepStarted = System.nanoTime();

  Installation(Path data, Consumer<String> progress) throws IOException {
    this.data = data.toAbsolutePath().normalize();
    this.progress = progress;
    PrivateFolder.at(this.data);
    Files.createDirectories(this.data.resolve("logs"));
    this.secrets = new SecretFile(this.data.resolve("secrets.properties"));
  }

  /** Has web-app apply the definitions of a folder, at its start and whenever one changes. */
  void applyOperations(Path folder) {
    operations = folder;
  }

  /** Applies the shipped chat definitions for a server; the settings are those of web-app. */
  void useChat(Map<String, String> settings) {
    chat = Map.copyOf(settings);
  }

  /** Uses the secrets of a folder to sign calls of engines. */
  void useEngineSecrets(Path folder) {
    engineSecrets = folder;
  }

  void useRolePrefix(String prefix) throws IOException {
    secrets.usePrefix(prefix);
  }

  /** Starts everything, on the given outside servers instead of embedded ones. */
  RunFile start(
      int port, @Nullable URI outsideBroker, @Nullable URI outsideDatabase, Duration timeout)
      throws Exception {
    var database = outsideDatabase == null ? embeddedDatabase() : outsideDatabase(outsideDatabase);
    mails = new PrintedMails(database, progress);
    parts.push(mails);
    var broker = outsideBroker == null ? embeddedBroker(database) : outsideBroker;
    var settings =
        new ServiceSettings(
            database,
            broker,
            secrets.get("peppers"),
            secrets.get("master"),
            secrets.get("messages"),
            secrets.get("lookups"));
    var webPort = Ports.freeOr(port);
    var computePort = Ports.free();
    var web = URI.create("http://127.0.0.1:" + webPort);
    var managementPorts = new int[] {Ports.free(), Ports.free(), Ports.free()};
    var ofWeb = settings.web(webPort, managementPorts[0]);
    if (operations != null) {
      ofWeb.put("BEHALF_OPERATIONS_FOLDER", operations.toString());
    }
    ofWeb.putAll(chat);
    launch("web-app", ofWeb, managementPorts[0]);
    var ofCompute = settings.compute(computePort, managementPorts[1]);
    if (engineSecrets != null) {
      ofCompute.put("BEHALF_ENGINES_SECRETS", engineSecrets.toString());
    }
    launch("compute-server", ofCompute, managementPorts[1]);
    launch(
        "worker",
        settings.worker(managementPorts[2], web, URI.create("http://127.0.0.1:" + computePort)),
        managementPorts[2]);
    for (var service : services) {
      service.awaitReady(timeout, progress);
      done(service.name() + " is ready");
    }
    return runFile(web.toString(), database.url());
  }

  /** Prints the mails that no mail server takes. */
  void printMails() {
    if (mails != null) {
      mails.print();
    }
  }

  /** Restarts services that have ended by themselves and returns whether there were any. */
  boolean restartEnded() throws IOException {
    var restarted = false;
    for (var service : services) {
      if (!service.isAlive()) {
        progress.accept(service.name() + " ended unexpectedly: restarting it");
        service.start();
        restarted = true;
      }
    }
    return restarted;
  }

  RunFile runFile(String web, String database) {
    return new RunFile(
        ProcessHandle.current().pid(),
        web,
        database,
        services.stream().map(RunFile.Child::of).toList());
  }

  @Override
  public void close() {
    if (learns) {
      progress.accept("recording quick-start data: half a minute, only after this run");
    }
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        progress.accept("a part could not be stopped: " + e.getMessage());
      }
    }
  }

  /**
   * Unpacks a service's jar once after each build. If that fails, the service starts all the same,
   * only slower.
   */
  private void unpack(QuickStart quickStart, String name) throws InterruptedException {
    try {
      if (!quickStart.isPrepared()) {
        quickStart.prepare();
        done(name + " is unpacked");
      }
    } catch (IOException e) {
      done(name + " starts slowly: " + e.getMessage());
    }
  }

  private BehalfDatabase embeddedDatabase() throws IOException, SQLException {
    var server =
        new EmbeddedDatabase(data.resolve("postgres"), Ports.free(), secrets.get("postgres"));
    parts.push(server);
    done("PostgreSQL is ready on 127.0.0.1:" + server.port());
    return migrated(
        new BehalfDatabase("127.0.0.1", server.port(), "behalf", secrets.roles()), server.admin());
  }

  private BehalfDatabase outsideDatabase(URI address) throws SQLException {
    var name = address.getPath().length() > 1 ? address.getPath().substring(1) : "behalf";
    var port = OutsideServers.port(address, 5432);
    return migrated(
        new BehalfDatabase(
            address.getHost(), port, name, secrets.roles(), OutsideServers.parameters(address)),
        OutsideServers.login(address, "postgres"));
  }

  private BehalfDatabase migrated(BehalfDatabase database, Roles.Login admin) throws SQLException {
    database.create(admin);
    database.migrate();
    done("the database is up to date");
    return database;
  }

  private URI embeddedBroker(BehalfDatabase database) throws Exception {
    queueAgain(database);
    var broker = new EmbeddedBroker(data.resolve("broker"), Ports.free(), secrets.get("broker"));
    parts.push(broker);
    done("the broker is ready on 127.0.0.1:" + broker.address().getPort());
    return broker.address();
  }

  /**
   * Ends the leases of dispatched jobs and of runs. The embedded broker starts empty, and no server
   * runs any more, so these jobs must be due at once.
   */
  private static void queueAgain(BehalfDatabase database) throws SQLException {
    try (var connection = database.connect(database.roles().owner());
        var statement = connection.createStatement()) {
      statement.execute("update jobs.jobs set lease_until = created_at where state = 'dispatched'");
      statement.execute("delete from compute.replicas");
    }
  }

  private void launch(String name, Map<String, String> environment, int managementPort)
      throws IOException, InterruptedException {
    var quickStart = new QuickStart(name);
    unpack(quickStart, name);
    if (quickStart.hasToLearn()) {
      learns = true;
      parts.push(quickStart::keepLearned);
    }
    var service =
        new Service(
            name,
            environment,
            managementPort,
            data.resolve("logs").resolve(name + ".log"),
            quickStart.learningArguments());
    parts.push(service);
    services.add(service);
    service.start();
  }

  private void done(String step) {
    var now = System.nanoTime();
    progress.accept("%-40s %5.1f s".formatted(step, (now - stepStarted) / 1e9));
    stepStarted = now;
  }
}
