package dev.behalf.e2e.faults;

import dev.behalf.testkit.faults.FaultProxy;
import dev.behalf.testkit.faults.FaultySystem;
import dev.behalf.testkit.faults.ProcessSignals;
import dev.behalf.testkit.faults.Toxic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.boot.convert.DurationStyle;

/**
 * A long run with a random fault every half minute, while keys, accounts and quotas change: 70 % of
 * {@code -Dbehalf.faults.rate}, for as long as {@code -Dsoak} says.
 */
@Tag("faults")
@EnabledIfSystemProperty(named = "soak", matches = ".+")
class SoakTest {

  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final int PERCENT = 70;

  @Test
  void nothing_grows() throws Exception {
    var length = DurationStyle.detectAndParse(System.getProperty("soak", "20m"));
    var rate = Integer.getInteger("behalf.faults.rate", 400) * PERCENT / 100;
    var seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    var random = new Random(seed);
    try (var site =
        Site.proxied(
            List.of(), Map.of("BEHALF_JOBS_LEASE", "15s", "BEHALF_JOBS_CALLTIMEOUT", "5s"))) {
      var leaving = site.people(10);
      var poor = site.people(5);
      var unrest = new BackgroundChurn(site, leaving, poor, new Random(seed));
      var goesOn = new AtomicBoolean(true);
      try (var loadOfLeaving = Load.whilst(leaving, "leaving", 2, goesOn::get);
          var loadOfPoor = Load.whilst(poor, "poor", 2, goesOn::get)) {
        soak(site, length, rate, random, unrest, goesOn);
        System.out.printf(
            "  jobs beside: %d of those who leave, %d of the poor%n",
            loadOfLeaving.finish().size(), loadOfPoor.finish().size());
      }
      sample(site);
    }
  }

  private static void soak(
      Site site,
      Duration length,
      int rate,
      Random random,
      BackgroundChurn unrest,
      AtomicBoolean goesOn)
      throws Exception {
    new FaultRun(site, (int) (rate * length.toSeconds()), rate)
        .immediately()
        .run(
            "soak of %d min, a random fault every 30 s".formatted(length.toMinutes()),
            () -> {
              var end = System.nanoTime() + length.toNanos();
              var changes = Thread.ofVirtual().start(() -> changeUntil(end, unrest));
              while (System.nanoTime() < end - EVERY.toNanos()) {
                sample(site);
                strike(site, random);
                Pause.of(EVERY);
              }
              changes.join();
              goesOn.set(false);
              return Instant.now();
            });
  }

  private static void changeUntil(long end, BackgroundChurn unrest) {
    int done = 0;
    int struck = 0;
    while (System.nanoTime() < end) {
      try {
        unrest.change();
        done++;
      } catch (Exception | AssertionError byAFault) {
        struck++;
      }
      Pause.of(Duration.ofSeconds(1));
    }
    System.out.printf("  keys, accounts and quotas: %d changes, %d struck%n", done, struck);
  }

  private static void sample(Site site) throws Exception {
    for (var replica : site.system().replicas()) {
      System.out.println("  " + replica + ": " + Vitals.of(site.system().service(replica)));
    }
    try (var database = site.system().database()) {
      System.out.println("  tables: " + Bloat.of(database));
    }
  }

  /** Nothing that ends a service: its vitals are compared over the whole run. */
  private static void strike(Site site, Random random) throws Exception {
    var all = site.system().links().all();
    switch (random.nextInt(6)) {
      case 0 -> {
        say("broker killed");
        site.rabbit().node().kill();
        site.rabbit().node().start();
        site.rabbit().node().awaitReady();
      }
      case 1 -> {
        say("database killed");
        site.postgres().primary().kill();
        site.postgres().primary().startAndWait();
      }
      case 2 -> {
        say("worker-1 stopped");
        var pid = site.system().service(FaultySystem.WORKER + "-1").pid();
        ProcessSignals.stop(pid);
        Pause.of(Duration.ofSeconds(8));
        ProcessSignals.goOn(pid);
      }
      case 3 -> cut(all.get(random.nextInt(all.size())), new Toxic.Down());
      case 4 -> cut(all.get(random.nextInt(all.size())), new Toxic.ResetWithin(2_000));
      default ->
          cut(
              all.get(random.nextInt(all.size())),
              new Toxic.Latency(Duration.ofMillis(500), Duration.ofMillis(500)));
    }
  }

  private static void cut(FaultProxy proxy, Toxic toxic) throws Exception {
    say(toxic.toString());
    proxy.set(toxic);
    Pause.of(Duration.ofSeconds(5));
    proxy.heal();
  }

  private static void say(String what) {
    System.out.println("  fault: " + what);
  }
}
