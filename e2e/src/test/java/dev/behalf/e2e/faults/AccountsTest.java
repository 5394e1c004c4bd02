package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Keys are rotated and revoked, accounts deleted and quotas lowered while jobs run. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountsTest {

  private static final Duration LENGTH = Duration.ofSeconds(10);

  @AutoClose private Site site;

  @BeforeAll
  void start() throws Exception {
    site = Site.proxied(List.of(), Map.of());
  }

  @Test
  void keys_accounts_and_quotas_change() throws Exception {
    var leaving = site.people(5);
    var poor = site.people(5);
    var goesOn = new AtomicBoolean(true);
    try (var loadOfLeaving = Load.whilst(leaving, "leaving", 20, goesOn::get);
        var loadOfPoor = Load.whilst(poor, "poor", 50, goesOn::get)) {
      FaultRun.asSet(site)
          .run(
              "random rotations, revocations, deletions and quotas, " + LENGTH.toSeconds() + " s",
              () -> {
                change(leaving, poor);
                goesOn.set(false);
                return Instant.now();
              });
      loadOfLeaving.finish();
      // Nobody is owed a success here; what was accepted has ended, and what succeeded was charged.
      var accepted = loadOfPoor.finish().stream().filter(Acknowledged::isAccepted).toList();
      try (var database = site.system().database()) {
        var audit = Audit.of(database, accepted);
        System.out.println("under a quota: " + audit);
        assertThat(audit.known()).isEqualTo(accepted.size());
        assertThat(audit.succeeded() + audit.failed()).isEqualTo(accepted.size());
        assertThat(audit.charges()).isEqualTo(audit.succeeded());
        assertThat(audit.failed()).isPositive();
      }
    }
  }

  private void change(List<Client> leaving, List<Client> poor) throws Exception {
    var seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var unrest = new BackgroundChurn(site, leaving, poor, random);
    // Each of them queues 10 a second: some run out, whatever the dice say.
    unrest.limitAll(40);
    var end = System.nanoTime() + LENGTH.toNanos();
    while (System.nanoTime() < end) {
      unrest.change();
      Pause.of(Duration.ofMillis(random.nextInt(200)));
    }
    unrest.limitAll(40);
  }
}
