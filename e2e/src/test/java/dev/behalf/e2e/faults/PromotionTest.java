package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The PostgreSQL that is written to is killed, and its synchronous standby takes its place. */
@Tag("faults")
class PromotionTest {

  private static final String NAME =
      "kill -9 of the database, promotion of its synchronous standby";

  @Test
  void the_standby_is_promoted() throws Exception {
    try (var site = Site.replicated()) {
      FaultRun.asSet(site).run(NAME, () -> promote(site));
    }
  }

  @Test
  void the_standby_is_promoted_while_runs_are_under_way() throws Exception {
    try (var site = Site.replicated();
        var work = LongWork.applied(site, Duration.ofSeconds(20))) {
      FaultRun.of(site, work, 200, 40).run("200 runs of 20 s: " + NAME, () -> promote(site));

      assertThat(work.overlaps()).isZero();
    }
  }

  private static Instant promote(Site site) throws Exception {
    site.postgres().primary().kill();
    site.postgres().standby().promote();
    site.system().databaseIs(site.postgres().afterPromotion());
    return Instant.now();
  }
}
