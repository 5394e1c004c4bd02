package dev.behalf.e2e.faults;

import dev.behalf.testkit.faults.FaultySystem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The short form of the suite: one of each is killed in one run, in every build. */
@Tag("faults-short")
class ShortTest {

  @Test
  void nothing_is_lost_when_one_of_each_is_killed() throws Exception {
    try (var site = Site.proxied(List.of(), Map.of())) {
      new Trial(site, 600, 60).run("one of each is killed", () -> killOneOfEach(site));
    }
  }

  private static Instant killOneOfEach(Site site) throws Exception {
    var killed = List.of("worker-1", FaultySystem.WEB + "-1", FaultySystem.COMPUTE + "-2");
    for (var replica : killed) {
      site.system().service(replica).kill();
      site.system().service(replica).start();
    }
    site.rabbit().node().kill();
    site.rabbit().node().start();
    site.rabbit().node().awaitReady();
    var end = Instant.now();
    for (var replica : killed) {
      site.system().awaitReady(replica);
    }
    return end;
  }
}
