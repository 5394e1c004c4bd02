package dev.behalf.e2e.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The only RabbitMQ node is killed, or takes nothing. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokerTest {

  private static final Duration ALARM = Duration.ofSeconds(10);

  private Site site;

  @BeforeAll
  void start() throws Exception {
    site = Site.proxied(List.of(), Map.of("BEHALF_JOBS_LEASE", "15s"));
  }

  @AfterAll
  void stop() throws Exception {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void the_broker_is_killed() throws Exception {
    Trial.asSet(site)
        .run(
            "kill -9 of the only broker",
            () -> {
              site.rabbit().node().kill();
              site.rabbit().node().start();
              site.rabbit().node().awaitReady();
              return Instant.now();
            });
  }

  @Test
  void the_broker_stands_still() throws Exception {
    Trial.asSet(site)
        .run(
            "SIGSTOP of the only broker, 20 s",
            () -> {
              site.rabbit().node().stop();
              Pause.of(Duration.ofSeconds(20));
              site.rabbit().node().goOn();
              return Instant.now();
            });
  }

  @Test
  void the_broker_has_a_memory_alarm() throws Exception {
    Trial.asSet(site)
        .run(
            "memory alarm of the broker, " + ALARM.toSeconds() + " s",
            () -> {
              try {
                site.rabbit().memoryAlarm(true);
                Pause.of(ALARM);
                return Instant.now();
              } finally {
                site.rabbit().memoryAlarm(false);
              }
            });
  }

  @Test
  void the_broker_has_a_disk_alarm() throws Exception {
    Trial.asSet(site)
        .run(
            "disk alarm of the broker, " + ALARM.toSeconds() + " s",
            () -> {
              try {
                site.rabbit().diskAlarm(true);
                Pause.of(ALARM);
                return Instant.now();
              } finally {
                site.rabbit().diskAlarm(false);
              }
            });
  }
}
