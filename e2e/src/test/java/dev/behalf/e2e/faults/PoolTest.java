package dev.behalf.e2e.faults;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each service has to do with one connection to the database. */
@Tag("faults")
class PoolTest {

  @Test
  void the_connection_pool_is_exhausted() throws Exception {
    var one =
        Map.of(
            "SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", "1",
            "SPRING_DATASOURCE_HIKARI_MINIMUM_IDLE", "1");
    try (var site = Site.proxied(List.of(), one)) {
      FaultRun.asSet(site).run("a pool of one database connection", Instant::now);
    }
  }
}
