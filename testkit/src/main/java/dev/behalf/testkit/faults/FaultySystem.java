package dev.behalf.testkit.faults;

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
 * Two replicas of each service as real processes, and the connections between them through proxies
 * that can be made to fail. The database and the broker stay the caller's.
 */
public final class FaultySystem implements AutoCloseable {

  public static final String WEB = "web-app";
  public static final String COMPUTE = "compute-server";
  public static final String WORKER = "worker";

  private static final int REPLICAS = 2;

  /** How a key of the live environment begins. */
  private static final String KEY = "bh_live_";

  /** Six of them start at once, and some again in each case; how fast they can get is no matter. */
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  private final Parts parts;
  private final Path logs = Files.createTempDirectory("behalf-faults");
  private final Map<String, Service> replicas = new LinkedHashMap<>();
  private final Map<String, Function<Map<String, String>, Service>> recipes = new HashMap<>();
  private final FailPoints failPoints;
  private final Links links;
  private volatile BehalfDatabase database;

  /**
   * What a system is made of.
   *
   * @param brokerPort where the proxies to the broker lead
   * @param brokers where not empty, the services' way to the brokers without a proxy
   * @param databaseUrl where not empty, the services' way to the database without a proxy
   * @param more settings of all services
   */
  public record Parts(
      int brokerPort,
      String brokers,
      BehalfDatabase database,
      int databasePort,
      String databaseUrl,
      List<FailPoint> failPoints,
      Map<String, String> more) {}

  /** The proxies, by who connects to whom. Two of them share out over the replicas. */
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

  /** Where clients go. */
  public URI web() {
    return at(links.clientToWeb());
  }

  public Links links() {
    return links;
  }

  /** Such as {@code worker-1}. */
  public List<String> replicas() {
    return List.copyOf(replicas.keySet());
  }

  public Service service(String replica) {
    return Objects.requireNonNull(replicas.get(replica), replica);
  }

  public void awaitReady(String replica) throws InterruptedException {
    service(replica).awaitReady(START);
  }

  /** Ends it and starts it with more settings. */
  public void restartWith(String replica, Map<String, String> more) throws Exception {
    service(replica).close();
    replicas.put(replica, Objects.requireNonNull(recipes.get(replica)).apply(more));
    service(replica).start();
    awaitReady(replica);
  }

  /** Until its next restart the worker says what came of jobs in the words of the first version. */
  public void restartInOldWords(String worker) throws Exception {
    restartWith(worker, Map.of("JAVA_TOOL_OPTIONS", QUICK_START + " " + failPoints.oldWords()));
  }

  /** The next passage of the replica through the point ends it. */
  public void arm(FailPoint point, String replica) throws IOException {
    failPoints.arm(point, replica);
  }

  /** Says whether it still was armed: nothing has passed. */
  public boolean disarm(FailPoint point, String replica) throws IOException {
    return failPoints.disarm(point, replica);
  }

  /** As the role that owns all tables, past the proxy. */
  public Connection database() throws SQLException {
    return database.connect(database.roles().owner());
  }

  /** After a promotion: where what clients were told has to be found from now on. */
  public void databaseIs(BehalfDatabase promoted) {
    database = promoted;
  }

  /** The violated invariants, each with its number of violations. */
  public List<String> violatedInvariants() throws SQLException {
    try (var connection = database()) {
      return Violations.in(connection);
    }
  }

  /** Whether the text of a key has passed between the services and the broker's proxies. */
  public boolean hasSeenKeyAtBroker() {
    return links.webToBroker().hasSeen() || links.workerToBroker().hasSeen();
  }

  /** Where a replica writes. */
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
