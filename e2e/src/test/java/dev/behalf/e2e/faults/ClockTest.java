package dev.behalf.e2e.faults;

import dev.behalf.testkit.Required;
import dev.behalf.testkit.faults.FakeClock;
import dev.behalf.testkit.faults.FaultySystem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock of one replica of each service jumps, and jumps back. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClockTest {

  private static final Duration LENGTH = Duration.ofSeconds(10);

  private FakeClock clock;
  @AutoClose private Site site;

  @BeforeAll
  void start() throws Exception {
    clock = Required.orSkip("libfaketime", FakeClock.find());
    site = Site.proxied(List.of(), Map.of());
    for (var service : List.of(FaultySystem.WEB, FaultySystem.COMPUTE, FaultySystem.WORKER)) {
      site.system().restartWith(service + "-1", clock.environment());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void the_clock_of_one_replica_of_each_jumps(int hours) throws Exception {
    FaultRun.asSet(site)
        .run(
            "clock of one replica of each service %+d h, %d s".formatted(hours, LENGTH.toSeconds()),
            () -> {
              clock.set(Duration.ofHours(hours));
              Pause.of(LENGTH);
              clock.set(Duration.ZERO);
              return Instant.now();
            });
  }
}
