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

/** The only PostgreSQL is killed, or stands still. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseTest {

  @AutoClose private Site site;

  @BeforeAll
  void start() throws Exception {
    site = Site.proxied(List.of(), Map.of());
  }

  @Test
  void the_database_is_killed() throws Exception {
    FaultRun.asSet(site)
        .run(
            "kill -9 of the only database",
            () -> {
              site.postgres().primary().kill();
              site.postgres().primary().startAndWait();
              return Instant.now();
            });
  }

  @Test
  void the_database_is_away_for_ten_seconds() throws Exception {
    FaultRun.asSet(site)
        .run(
            "kill -9 of the only database, back after 10 s",
            () -> {
              site.postgres().primary().kill();
              Pause.of(Duration.ofSeconds(10));
              site.postgres().primary().startAndWait();
              return Instant.now();
            });
  }

  @Test
  void the_database_stands_still() throws Exception {
    FaultRun.asSet(site)
        .run(
            "SIGSTOP of the only database, 30 s",
            () -> {
              site.postgres().primary().stop();
              Pause.of(Duration.ofSeconds(30));
              site.postgres().primary().goOn();
              return Instant.now();
            });
  }
}
