package dev.behalf.e2e.faults;

import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The PostgreSQL that is written to is killed, and its synchronous standby takes its place. */
@Tag("faults")
class PromotionTest {

  @Test
  void the_standby_is_promoted() throws Exception {
    try (var site = Site.replicated()) {
      FaultRun.asSet(site)
          .run(
              "kill -9 of the database, promotion of its synchronous standby",
              () -> {
                site.postgres().primary().kill();
                site.postgres().standby().promote();
                site.system().databaseIs(site.postgres().afterPromotion());
                return Instant.now();
              });
    }
  }
}
