package dev.behalf.e2e.faults;

import dev.behalf.testkit.faults.FaultySystem;
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
  void nothing_is_lost_when_one_of_each_is_killed() throws Exception {
    try (var site = Site.proxied(List.of(), Map.of())) {
      new FaultRun(site, 600, 60).run("one of each is killed", () -> killOneOfEach(site));
    }
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
