package dev.behalf.testkit.faults;

import static dev.behalf.testkit.BehalfSystem.QUICK_START;
import static dev.behalf.testkit.BehalfSystem.START;
import static dev.behalf.testkit.BehalfSystem.secret;

import dev.behalf.database.BehalfDatabase;
import dev.behalf.standalone.Ports;
import dev.behalf.standalone.Service;
import dev.behalf.standalone.ServiceSettings;
import dev.behalf.standalone.Violations;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Two replicas of each service as real processes, connected through proxies that tests can make
 * fail. The caller owns the database and the broker.
 */
public final class FaultySystem implements AutoCloseable {

  public static final String WEB = "web-app";
  public static final String COMPUTE = "compute-server";
  public static final String WORKER = "worker";

  private static final int REPLICAS = 2;

  /** Start of every live key. */
  private static final String KEY = "bh_live_";

  private final Parts parts;
  private final Path logs = Files.createTempDirectory("behalf-faults");
  private final Map<String, Service> replicas = new LinkedHashMap<>();
  private final Map<String, Function<Map<String, String>, Service>> recipes = new HashMap<>();
  private final FailPoints failPoints;
  private final Links links;
  private volatile BehalfDatabase database;

  /**
   * The parts of a system.
   *
   * @param brokerPort port that the proxies to the broker connect to
   * @param brokers addresses by which the services reach the brokers without a proxy, or empty
   * @param databaseUrl URL by which the services reach the database without a proxy, or empty
   * @param more additional settings for all services
   */
  public record Parts(
      int brokerPort,
      String brokers,
      BehalfDatabase database,
      int databasePort,
      String databaseUrl,
      List<FailPoint> failPoints,
      Map<String, String> more) {}

  /**
   * The proxies, named by client and server. Those to web-app and compute-server distribute
   * connections over the replicas.
   */
  public record Links(
      FaultProxy clientToWeb,
      FaultProxy workerToWeb,
      FaultProxy workerToCompute,
      FaultProxy webToBroker,
      FaultProxy workerToBroker,
      FaultProxy servicesToDatabase) {

    public List<FaultProxy> all() {
      return List.of(
          clientToWeb,
          workerToWeb,
          workerToCompute,
          webToBroker,
          workerToBroker,
          servicesToDatabase);
    }
  }

  private FaultySystem(Parts parts) throws IOException {
    this.parts = parts;
    this.database = parts.database();
    failPoints = new FailPoints(parts.failPoints());
    var web = freePorts();
    var compute = freePorts();
    links =
        new Links(
            new FaultProxy(web),
            new FaultProxy(web),
            new FaultProxy(compute),
            new FaultProxy(parts.brokerPort()),
            new FaultProxy(parts.brokerPort()),
            new FaultProxy(parts.databasePort()));
    links.webToBroker().watchFor(KEY);
    links.workerToBroker().watchFor(KEY);
    var settings =
        new ServiceSettings(
            parts.database(), URI.create("amqp:/"), secret(), secret(), secret(), secret());
    for (int i = 0; i < REPLICAS; i++) {
      var webPort = web[i];
      var computePort = compute[i];
      add(WEB, i, links.webToBroker(), at -> settings.web(webPort, at));
      add(COMPUTE, i, null, at -> settings.compute(computePort, at));
      add(
          WORKER,
          i,
          links.workerToBroker(),
          at -> settings.worker(at, at(links.workerToWeb()), at(links.workerToCompute())));
    }
  }

  /** Starts everything and waits until it is ready. */
  public static FaultySystem start(Parts parts) throws Exception {
    var system = new FaultySystem(parts);
    for (var replica : system.replicas()) {
      system.service(replica).start();
    }
    for (var replica : system.replicas()) {
      system.awaitReady(replica);
    }
    return system;
  }

  /** Returns the address for clients. */
  public URI web() {
    return at(links.clientToWeb());
  }

  public Links links() {
    return links;
  }

  /** Returns the names of the replicas, such as {@code worker-1}. */
  public List<String> replicas() {
    return List.copyOf(replicas.keySet());
  }

  public Service service(String replica) {
    return Objects.requireNonNull(replicas.get(replica), replica);
  }

  public void awaitReady(String replica) throws InterruptedException {
    service(replica).awaitReady(START);
  }

  /** Stops a replica and starts it with additional settings. */
  public void restartWith(String replica, Map<String, String> more) throws Exception {
    service(replica).close();
    replicas.put(replica, Objects.requireNonNull(recipes.get(replica)).apply(more));
    service(replica).start();
    awaitReady(replica);
  }

  /**
   * Restarts a worker so that it publishes outcomes in the first version's format until its next
   * restart.
   */
  public void restartInOldWords(String worker) throws Exception {
    restartWith(worker, Map.of("JAVA_TOOL_OPTIONS", QUICK_START + " " + failPoints.oldWords()));
  }

  /** Arms a point: the replica's next passage through it ends the replica. */
  public void arm(FailPoint point, String replica) throws IOException {
    failPoints.arm(point, replica);
  }

  /** Disarms a point and returns whether it was still armed, because no thread has passed it. */
  public boolean disarm(FailPoint point, String replica) throws IOException {
    return failPoints.disarm(point, replica);
  }

  /** Connects as the role that owns all tables, without the proxy. */
  public Connection database() throws SQLException {
    return database.connect(database.roles().owner());
  }

  /**
   * Switches to a promoted database, which must contain everything that was acknowledged to
   * clients.
   */
  public void databaseIs(BehalfDatabase promoted) {
    database = promoted;
  }

  /** Returns the violated invariants, each with its number of violations. */
  public List<String> violatedInvariants() throws SQLException {
    try (var connection = database()) {
      return Violations.in(connection);
    }
  }

  /** Returns whether the text of a key has passed through the proxies to the broker. */
  public boolean hasSeenKeyAtBroker() {
    return links.webToBroker().hasSeen() || links.workerToBroker().hasSeen();
  }

  /** Returns the log file of a replica. */
  public Path log(String replica) {
    return logs.resolve(replica + ".log");
  }

  @Override
  public void close() throws Exception {
    for (var replica : replicas.values()) {
      replica.kill();
    }
    for (var link : links.all()) {
      link.close();
    }
  }

  private void add(
      String service,
      int index,
      @Nullable FaultProxy broker,
      IntFunction<Map<String, String>> settingsAt)
      throws IOException {
    var name = service + "-" + (index + 1);
    var managementPort = Ports.free();
    var settings = new HashMap<>(settingsAt.apply(managementPort));
    if (broker != null) {
      settings.put(
          "SPRING_RABBITMQ_ADDRESSES",
          parts.brokers().isEmpty()
              ? "amqp://guest:guest@127.0.0.1:" + broker.port()
              : parts.brokers());
    }
    if (settings.containsKey("SPRING_DATASOURCE_URL")) {
      settings.put(
          "SPRING_DATASOURCE_URL",
          parts.databaseUrl().isEmpty()
              ? parts
                  .database()
                  .url()
                  .replace(
                      ":" + parts.databasePort() + "/",
                      ":" + links.servicesToDatabase().port() + "/")
              : parts.databaseUrl());
    }
    settings.put(
        "JAVA_TOOL_OPTIONS",
        QUICK_START + failPoints.javaOptions(service, name).map(" "::concat).orElse(""));
    settings.putAll(parts.more());
    recipes.put(
        name,
        more -> {
          var all = new HashMap<>(settings);
          all.putAll(more);
          return new Service(service, all, managementPort, log(name));
        });
    replicas.put(name, Objects.requireNonNull(recipes.get(name)).apply(Map.of()));
  }

  private static Integer[] freePorts() {
    return new Integer[] {Ports.free(), Ports.free()};
  }

  private static URI at(FaultProxy proxy) {
    return URI.create("http://127.0.0.1:" + proxy.port());
  }
}
