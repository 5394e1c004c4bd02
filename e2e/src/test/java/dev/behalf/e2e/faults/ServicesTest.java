package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.faults.FailPoint;
import dev.behalf.testkit.faults.FaultySystem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services are killed, at random and at each named point, and restarted in turn. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServicesTest {

  @AutoClose private Site site;

  @BeforeAll
  void start() throws Exception {
    site = Site.proxied(KillPoints.ALL, Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {FaultySystem.WEB, FaultySystem.COMPUTE, FaultySystem.WORKER})
  void a_replica_is_killed(String service) throws Exception {
    FaultRun.asSet(site).run("kill -9 of one " + service, () -> killOne(service + "-1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {FaultySystem.WEB, FaultySystem.COMPUTE, FaultySystem.WORKER})
  void both_replicas_are_killed(String service) throws Exception {
    FaultRun.asSet(site)
        .run(
            "kill -9 of both " + service,
            () -> {
              system().service(service + "-1").kill();
              system().service(service + "-2").kill();
              system().service(service + "-1").start();
              system().service(service + "-2").start();
              system().awaitReady(service + "-1");
              var end = Instant.now();
              system().awaitReady(service + "-2");
              return end;
            });
  }

  /** Whichever replica comes past first, or both: then nobody lives until one is up again. */
  @ParameterizedTest
  @MethodSource("points")
  void a_process_is_killed_at_a_point(FailPoint point) throws Exception {
    var replicas = List.of(point.service() + "-1", point.service() + "-2");
    FaultRun.asSet(site)
        .run(
            "kill -9 of one " + point.service() + ": " + point.name(),
            () -> {
              for (var replica : replicas) {
                system().arm(point, replica);
              }
              Awaitility.await("somebody comes past: " + point)
                  .atMost(Duration.ofSeconds(30))
                  .pollInterval(Duration.ofMillis(10))
                  .until(() -> replicas.stream().anyMatch(this::isDead));
              var end = Instant.now();
              var dead = new ArrayList<String>();
              for (var replica : replicas) {
                if (!system().disarm(point, replica)) {
                  dead.add(replica);
                }
              }
              for (var replica : dead) {
                Awaitility.await().until(() -> isDead(replica));
                system().service(replica).start();
                system().awaitReady(replica);
                if (dead.size() == replicas.size() && replica.equals(dead.getFirst())) {
                  end = Instant.now();
                }
              }
              return end;
            });
  }

  private boolean isDead(String replica) {
    return !system().service(replica).isAlive();
  }

  static List<FailPoint> points() {
    return KillPoints.ALL;
  }

  @Test
  void every_service_is_restarted_in_turn() throws Exception {
    FaultRun.asSet(site)
        .run(
            "rolling restart of every service",
            () -> {
              for (var replica : system().replicas()) {
                system().service(replica).close();
                system().service(replica).start();
                system().awaitReady(replica);
              }
              return Instant.now();
            });
  }

  /** The order that the operators' guide gives: web-app and compute-server before the workers. */
  @Test
  void workers_of_the_first_version_are_replaced_under_load() throws Exception {
    var workers = List.of(FaultySystem.WORKER + "-1", FaultySystem.WORKER + "-2");
    for (var worker : workers) {
      system().restartInOldWords(worker);
    }
    FaultRun.asSet(site)
        .run(
            "rolling restart of every service, workers with messages of version 1 before",
            () -> {
              for (var replica : system().replicas()) {
                if (workers.contains(replica)) {
                  assertThat(system().log(replica)).content().contains("an outcome in old words");
                }
                system().restartWith(replica, Map.of());
              }
              return Instant.now();
            });
  }

  private Instant killOne(String replica) throws Exception {
    system().service(replica).kill();
    var end = Instant.now();
    system().service(replica).start();
    system().awaitReady(replica);
    return end;
  }

  private FaultySystem system() {
    return site.system();
  }
}
