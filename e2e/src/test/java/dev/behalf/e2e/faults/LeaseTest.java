package dev.behalf.e2e.faults;

import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.testkit.faults.ProcessSignals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only the end of a lease puts right. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeaseTest {

  /** Two minutes are usual. Longer than a job waits in the broker here without a fault. */
  private static final Duration LEASE = Duration.ofSeconds(10);

  @AutoClose private Site site;

  @BeforeAll
  void start() throws Exception {
    site =
        Site.proxied(
            List.of(),
            Map.of("BEHALF_JOBS_LEASE", LEASE.toSeconds() + "s", "BEHALF_JOBS_CALLTIMEOUT", "5s"));
  }

  /** What it had taken is given to the other one, and its late answers count for nothing. */
  @Test
  void a_worker_stands_still_past_its_lease() throws Exception {
    FaultRun.asSet(site)
        .run(
            "SIGSTOP of one worker for twice its lease of " + LEASE.toSeconds() + " s",
            () -> {
              ProcessSignals.stop(site.system().service("worker-1").pid());
              Pause.of(LEASE.multipliedBy(2));
              ProcessSignals.goOn(site.system().service("worker-1").pid());
              return Instant.now();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {JobMessage.LIVE_QUEUE, JobOutcome.QUEUE})
  void a_queue_is_purged(String queue) throws Exception {
    FaultRun.asSet(site)
        .run(
            "queue " + queue + " purged by hand",
            () -> {
              for (int i = 0; i < 3; i++) {
                site.rabbit().with(channel -> channel.queuePurge(queue));
                Pause.of(Duration.ofMillis(300));
              }
              return Instant.now();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {JobMessage.LIVE_QUEUE, JobOutcome.QUEUE})
  void a_queue_is_deleted(String queue) throws Exception {
    FaultRun.asSet(site)
        .run(
            "queue " + queue + " deleted by hand",
            () -> {
              site.rabbit().with(channel -> channel.queueDelete(queue));
              return Instant.now();
            });
  }
}
