package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.faults.FaultySystem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The short form of the suite: one of each is killed in one run, in every build. */
@Tag("scenarios")
@Tag("faults-short")
class ShortTest {

  @Test
  void nothing_is_lost_when_a_compute_server_is_stopped_and_then_one_of_each_is_killed()
      throws Exception {
    try (var site = Site.proxied(List.of(), Map.of("BEHALF_RUNS_GRACE", "1s"));
        var work = LongWork.applied(site, Duration.ofSeconds(5))) {
      var row =
          FaultRun.of(site, work, 40, 40).run("40 runs of 5 s, handed back", () -> stopOne(site));
      assertThat(row.again()).as("begun again by the other one").isPositive();
      assertThat(work.overlaps()).isZero();
      new FaultRun(site, 600, 60).run("one of each is killed", () -> killOneOfEach(site));
    }
  }

  /**
   * It has more runs than can end in its grace time: it hands them back, and that is no attempt.
   */
  private static Instant stopOne(Site site) throws Exception {
    site.system().service(FaultySystem.COMPUTE + "-2").close();
    var end = Instant.now();
    site.system().service(FaultySystem.COMPUTE + "-2").start();
    site.system().awaitReady(FaultySystem.COMPUTE + "-2");
    return end;
  }

  /** The other replica of each goes on; that the killed ones come back is for the long form. */
  private static Instant killOneOfEach(Site site) throws Exception {
    for (var service : List.of(FaultySystem.WORKER, FaultySystem.WEB, FaultySystem.COMPUTE)) {
      site.system().service(service + "-1").kill();
    }
    site.rabbit().node().kill();
    site.rabbit().node().start();
    site.rabbit().node().awaitReady();
    return Instant.now();
  }
}
