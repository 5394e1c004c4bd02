package dev.behalf.testkit;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.ClientCredentials;
import dev.behalf.contract.Environment;
import dev.behalf.contract.KeyRing;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.standalone.Compilation;
import dev.behalf.standalone.Ports;
import dev.behalf.standalone.Service;
import dev.behalf.standalone.ServiceSettings;
import dev.behalf.standalone.Violations;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The three services as real processes that run their own jars, on a database and a broker of the
 * test.
 */
public final class BehalfSystem implements AutoCloseable {

  public static final Duration START = Duration.ofMinutes(3);

  /** Options of a JVM that starts sooner, at the cost of peak speed. */
  public static final String QUICK_START = String.join(" ", Compilation.QUICK.options());

  private static @Nullable BehalfSystem shared;

  private final TestBroker broker;
  private final Map<String, String> more;
  private final BehalfDatabase database = TestDatabase.create();
  private final Path logs = Files.createTempDirectory("behalf-e2e");
  private final Map<String, Service> services = new LinkedHashMap<>();
  private final String messageSecrets = secret();
  private final ServiceSettings settings;
  private final URI web;
  private final URI compute;

  private BehalfSystem(TestBroker broker, Map<String, String> more) throws IOException {
    this.broker = broker;
    this.more = more;
    var webPort = Ports.free();
    var computePort = Ports.free();
    web = URI.create("http://127.0.0.1:" + webPort);
    compute = URI.create("http://127.0.0.1:" + computePort);
    settings =
        new ServiceSettings(
            database, broker.address(), secret(), secret(), messageSecrets, secret());
    add(
        "web-app",
        "web-app",
        at -> {
          var settingsOfWeb = new HashMap<>(settings.web(webPort, at));
          // The sites of tests are on this machine.
          settingsOfWeb.put("BEHALF_WEBHOOKS_ALLOWPRIVATE", "true");
          return settingsOfWeb;
        });
    add("compute-server", "compute-server", at -> settings.compute(computePort, at));
    add("worker", "worker", at -> settings.worker(at, web, compute));
  }

  /**
   * Starts everything on the broker and waits until it is ready. Closing the system closes the
   * broker.
   */
  public static BehalfSystem start(TestBroker broker) throws Exception {
    return start(broker, Map.of("JAVA_TOOL_OPTIONS", QUICK_START));
  }

  /** Starts everything with the compilers that {@code up} uses on this machine, to be measured. */
  public static BehalfSystem startAsUpDoes(TestBroker broker) throws Exception {
    return start(broker, Map.of());
  }

  private static BehalfSystem start(TestBroker broker, Map<String, String> more) throws Exception {
    AutoCloseable begun = broker;
    try {
      var system = new BehalfSystem(broker, more);
      begun = system;
      for (var service : system.services.values()) {
        service.start();
      }
      for (var service : system.services.values()) {
        service.awaitReady(START);
      }
      return system;
    } catch (Exception failed) {
      // Else its services would go on, and its virtual host would stay at the broker.
      begun.close();
      throw failed;
    }
  }

  /**
   * Returns the system that all test classes of a JVM share, on RabbitMQ if it is available: its
   * three processes start only once. The system ends with the JVM. A test that needs its own broker
   * or services starts its own system.
   */
  public static synchronized BehalfSystem shared() throws Exception {
    if (shared == null) {
      var system = start(TestBroker.rabbitMq().orElseGet(TestBroker::embedded));
      AtExit.close(system);
      shared = system;
    }
    return shared;
  }

  public URI web() {
    return web;
  }

  public URI compute() {
    return compute;
  }

  public TestBroker broker() {
    return broker;
  }

  /** Returns the secrets with which this system signs jobs and outcomes. */
  public KeyRing messageSecrets() {
    return KeyRing.parse(messageSecrets);
  }

  public Service service(String name) {
    return Objects.requireNonNull(services.get(name), name);
  }

  public void restart(String name) throws Exception {
    service(name).start();
    service(name).awaitReady(START);
  }

  /** Starts a second process of compute-server and returns its address. */
  public URI anotherCompute() throws Exception {
    var port = Ports.free();
    add("compute-server-2", "compute-server", at -> settings.compute(port, at));
    restart("compute-server-2");
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Stops the process that {@link #anotherCompute} started. */
  public void endAnotherCompute() throws Exception {
    Objects.requireNonNull(services.remove("compute-server-2")).close();
  }

  /** Signs up a new user. */
  public Person signUp() throws IOException, InterruptedException {
    return Person.signUp(web, UUID.randomUUID() + "@example.com", "correct horse battery staple");
  }

  /** Creates a platform with all scopes. */
  public ClientCredentials platform(String name) throws SQLException {
    var credentials = ClientCredentials.generate();
    try (var connection = database();
        var statement =
            connection.prepareStatement("select accounts.create_platform(?, ?, ?, '', ?, ?, ?)")) {
      statement.setObject(1, UUID.randomUUID());
      statement.setString(2, name);
      statement.setString(
          3, "users:read users:write quota:write act:jobs act:keys webhooks:read webhooks:write");
      statement.setObject(4, UUID.randomUUID());
      statement.setString(5, credentials.clientId());
      statement.setString(6, ClientCredentials.hash(credentials.secret()));
      statement.execute();
    }
    return credentials;
  }

  /** Returns the database itself, for programs that connect to it. */
  public BehalfDatabase ownDatabase() {
    return database;
  }

  /** Connects as the role that owns all tables. */
  public Connection database() throws SQLException {
    return database.connect(database.roles().owner());
  }

  /** Returns a number from the database, read as its owner. */
  public long count(String sql) {
    return Long.parseLong(text("select (" + sql + ")::text"));
  }

  /** Returns a text from the database, read as its owner. */
  public String text(String sql) {
    return TestDatabase.text(database, sql);
  }

  /** Returns the violated invariants, each with its number of violations. */
  public List<String> violatedInvariants() throws SQLException {
    try (var connection = database()) {
      return Violations.in(connection);
    }
  }

  /** Returns everything that the services have logged so far. */
  public String logs() throws IOException {
    var all = new StringBuilder();
    for (var name : services.keySet()) {
      all.append(Files.readString(log(name)));
    }
    return all.toString();
  }

  @Override
  public void close() throws Exception {
    for (var service : List.copyOf(services.values()).reversed()) {
      service.close();
    }
    broker.close();
  }

  private void add(String name, String module, IntFunction<Map<String, String>> settingsAt) {
    var managementPort = Ports.free();
    var environment = new HashMap<>(settingsAt.apply(managementPort));
    environment.putAll(more);
    services.put(name, new Service(module, environment, managementPort, log(name)));
  }

  private Path log(String name) {
    return logs.resolve(name + ".log");
  }

  /** Returns a new secret in the form of the services' settings: {@code 1:<Base64>}. */
  public static String secret() {
    var text = ApiKeyFormat.generate(Environment.TEST).secret();
    return "1:" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
