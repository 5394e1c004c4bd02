package dev.behalf.e2e.faults;

import dev.behalf.testkit.Required;
import dev.behalf.testkit.faults.PrivatePostgres;
import dev.behalf.testkit.faults.SmallDisk;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The disk under PostgreSQL is full for a while. */
@Tag("faults")
class DiskTest {

  private static final Duration LENGTH = Duration.ofSeconds(10);

  @Test
  void the_database_has_no_space_left() throws Exception {
    try (var disk = Required.orSkip("small disk", SmallDisk.mount(400));
        var site =
            Site.on(
                Required.orSkip("postgresql", PrivatePostgres.alone(disk.folder())), Map.of())) {
      FaultRun.asSet(site)
          .run(
              "disk of the database full, " + LENGTH.toSeconds() + " s",
              () -> {
                disk.fill();
                Pause.of(LENGTH);
                disk.free();
                site.postgres().primary().startAndWait();
                return Instant.now();
              });
    }
  }
}
