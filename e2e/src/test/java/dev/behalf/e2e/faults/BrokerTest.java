package dev.behalf.e2e.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The only RabbitMQ node is killed, or takes nothing. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokerTest {

  private static final Duration ALARM = Duration.ofSeconds(10);

  @AutoClose private Site site;

  @BeforeAll
  void start() throws Exception {
    site =
        Site.proxied(
            List.of(), Map.of("BEHALF_JOBS_LEASE", "15s", "BEHALF_JOBS_CALLTIMEOUT", "5s"));
  }

  @Test
  void the_broker_is_killed() throws Exception {
    FaultRun.asSet(site)
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
    FaultRun.asSet(site)
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
    alarm("memory", site.rabbit()::memoryAlarm);
  }

  @Test
  void the_broker_has_a_disk_alarm() throws Exception {
    alarm("disk", site.rabbit()::diskAlarm);
  }

  private interface Alarm {
    void set(boolean on) throws Exception;
  }

  private void alarm(String name, Alarm alarm) throws Exception {
    FaultRun.asSet(site)
        .run(
            name + " alarm of the broker, " + ALARM.toSeconds() + " s",
            () -> {
              try {
                alarm.set(true);
                Pause.of(ALARM);
                return Instant.now();
              } finally {
                alarm.set(false);
              }
            });
  }
}
