package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.faults.FailPoint;
import dev.behalf.testkit.faults.FaultySystem;
import dev.behalf.testkit.faults.ProcessSignals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Faults while 200 runs of 20 s are under way: each job ends once, nothing stays held, and nothing
 * is computed twice while the replica that computes it lives.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongWorkTest {

  private static final Duration LENGTH = Duration.ofSeconds(20);
  private static final String TITLE = "200 runs of 20 s: ";
  private static final int JOBS = 200;
  private static final int PER_SECOND = 40;

  /** The lease of a compute-server, and some time to notice its end. */
  private static final Duration PAST_ITS_LEASE = Duration.ofSeconds(40);

  @AutoClose private Site site;
  private LongWork work;

  @BeforeAll
  void start() throws Exception {
    site = Site.proxied(KillPoints.OF_RUNS, Map.of("BEHALF_RUNS_GRACE", "3s"));
  }

  @BeforeEach
  void apply() throws Exception {
    work = LongWork.applied(site, LENGTH);
  }

  @AfterEach
  void close() throws Exception {
    work.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {FaultySystem.WEB, FaultySystem.COMPUTE, FaultySystem.WORKER})
  void a_replica_is_killed(String service) throws Exception {
    run(
        "kill -9 of one " + service,
        () -> {
          system().service(service + "-1").kill();
          var end = Instant.now();
          startAgain(service + "-1");
          return end;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {FaultySystem.WEB, FaultySystem.COMPUTE, FaultySystem.WORKER})
  void both_replicas_are_killed(String service) throws Exception {
    run(
        "kill -9 of both " + service,
        () -> {
          system().service(service + "-1").kill();
          system().service(service + "-2").kill();
          startAgain(service + "-1");
          startAgain(service + "-2");
          return Instant.now();
        });
  }

  @ParameterizedTest
  @MethodSource("points")
  void a_process_is_killed_at_a_point(FailPoint point) throws Exception {
    var replica = point.service() + "-1";
    strike(
        FaultRun.of(site, work, JOBS, PER_SECOND).immediately(),
        "kill -9 of one " + point.service() + ": " + point.name(),
        () -> {
          system().arm(point, replica);
          Awaitility.await("it comes past: " + point)
              .atMost(Duration.ofSeconds(60))
              .until(() -> !system().service(replica).isAlive());
          var end = Instant.now();
          startAgain(replica);
          return end;
        });
  }

  static List<FailPoint> points() {
    return KillPoints.OF_RUNS;
  }

  @Test
  void every_service_is_restarted_in_turn() throws Exception {
    run(
        "rolling restart of every service",
        () -> {
          for (var replica : system().replicas()) {
            system().service(replica).close();
            startAgain(replica);
          }
          return Instant.now();
        });
  }

  @Test
  void the_broker_is_killed() throws Exception {
    run(
        "kill -9 of the only broker",
        () -> {
          site.rabbit().node().kill();
          site.rabbit().node().start();
          site.rabbit().node().awaitReady();
          return Instant.now();
        });
  }

  @Test
  void the_database_is_killed() throws Exception {
    run(
        "kill -9 of the only database",
        () -> {
          site.postgres().primary().kill();
          site.postgres().primary().startAndWait();
          return Instant.now();
        });
  }

  /** Longer than a lease: the runs stop, because nobody can know that they are still theirs. */
  @Test
  void the_database_is_away_for_longer_than_a_lease() throws Exception {
    run(
        "kill -9 of the only database, back after 40 s",
        () -> {
          site.postgres().primary().kill();
          Pause.of(PAST_ITS_LEASE);
          site.postgres().primary().startAndWait();
          return Instant.now();
        });
  }

  /** Its runs are given to the other one, and what it brings afterwards counts for nothing. */
  @Test
  void a_compute_server_stands_still_past_its_lease() throws Exception {
    var row =
        FaultRun.of(site, work, JOBS, PER_SECOND)
            .run(
                TITLE + "SIGSTOP of one compute-server for its lease and 10 s",
                () -> {
                  ProcessSignals.stop(system().service("compute-server-1").pid());
                  Pause.of(PAST_ITS_LEASE);
                  ProcessSignals.goOn(system().service("compute-server-1").pid());
                  return Instant.now();
                });

    assertThat(row.again()).as("at most computed twice").isLessThanOrEqualTo(row.jobs());
  }

  private void run(String name, FaultCase fault) throws Exception {
    strike(FaultRun.of(site, work, JOBS, PER_SECOND), name, fault);
  }

  private void strike(FaultRun run, String name, FaultCase fault) throws Exception {
    run.run(TITLE + name, fault);
    assertThat(work.overlaps()).as("computed twice while the replica of the first lived").isZero();
  }

  private void startAgain(String replica) throws Exception {
    system().service(replica).start();
    system().awaitReady(replica);
  }

  private FaultySystem system() {
    return site.system();
  }
}
