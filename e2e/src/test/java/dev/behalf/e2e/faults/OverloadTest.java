package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Far more costly work than there are places to compute it: it waits, and nothing fails for it. */
@Tag("faults")
class OverloadTest {

  private static final int BUSY = 8;
  private static final int EACH = 10;
  private static final String WORK =
      "The tide comes in twice a day, and the boats lie in the mud. ".repeat(200);

  @Test
  void costly_work_waits_for_its_place_and_fails_nobody() throws Exception {
    try (var site = Site.proxied(java.util.List.of(), Map.of())) {
      var busy = site.people(BUSY);

      FaultRun.asSet(site)
          .run(
              "%d long summaries of %d users at once".formatted(BUSY * EACH, BUSY),
              () -> {
                for (int i = 0; i < EACH; i++) {
                  for (var one : busy) {
                    assertThat(one.submit("summarize", WORK + i).isAccepted()).isTrue();
                  }
                }
                return Instant.now();
              });

      Awaitility.await()
          .atMost(Duration.ofMinutes(5))
          .untilAsserted(() -> assertThat(succeeded(site)).isEqualTo(BUSY * EACH));
    }
  }

  private static long succeeded(Site site) throws Exception {
    try (var database = site.system().database();
        var statement = database.createStatement();
        var rows =
            statement.executeQuery(
                "select count(*) from jobs.jobs where operation = 'summarize' and state = 'succeeded'")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
