package dev.behalf.e2e.faults;

import dev.behalf.testkit.faults.FaultProxy;
import dev.behalf.testkit.faults.FaultySystem.Links;
import dev.behalf.testkit.faults.Toxic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each connection is late, cut, sliced, down, or silent without an end. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworkTest {

  private static final Duration LENGTH = Duration.ofSeconds(10);

  @AutoClose private Site site;

  /** A connection between two parts, in words. */
  record Between(String name, Function<Links, FaultProxy> proxy) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Between> CONNECTIONS =
      List.of(
          new Between("worker and compute-server", Links::workerToCompute),
          new Between("worker and broker", Links::workerToBroker),
          new Between("web-app and broker", Links::webToBroker),
          new Between("services and database", Links::servicesToDatabase));

  @BeforeAll
  void start() throws Exception {
    site =
        Site.proxied(
            List.of(), Map.of("BEHALF_JOBS_LEASE", "15s", "BEHALF_JOBS_CALLTIMEOUT", "5s"));
  }

  @AfterEach
  void heal() throws Exception {
    for (var connection : CONNECTIONS) {
      connection.proxy().apply(site.system().links()).heal();
    }
  }

  @ParameterizedTest
  @FieldSource("CONNECTIONS")
  void is_late(Between connection) throws Exception {
    var late = new Toxic.Latency(Duration.ofSeconds(1), Duration.ofSeconds(1));
    run("latency of 1 s ± 1 s", late, connection);
  }

  @ParameterizedTest
  @FieldSource("CONNECTIONS")
  void is_down(Between connection) throws Exception {
    run("no connection", new Toxic.Down(), connection);
  }

  @ParameterizedTest
  @FieldSource("CONNECTIONS")
  void is_reset(Between connection) throws Exception {
    run("reset in the middle of answers", new Toxic.ResetWithin(2_000), connection);
  }

  @ParameterizedTest
  @FieldSource("CONNECTIONS")
  void is_sliced(Between connection) throws Exception {
    run("one byte at a time", new Toxic.Slices(), connection);
  }

  @ParameterizedTest
  @FieldSource("CONNECTIONS")
  void is_half_open(Between connection) throws Exception {
    run("half-open connections", new Toxic.HalfOpen(), connection);
  }

  private void run(String wrong, Toxic toxic, Between connection) throws Exception {
    var proxy = connection.proxy().apply(site.system().links());
    FaultRun.asSet(site)
        .run(
            wrong + " between " + connection + ", " + LENGTH.toSeconds() + " s",
            () -> {
              proxy.set(toxic);
              Pause.of(LENGTH);
              proxy.heal();
              return Instant.now();
            });
  }
}
