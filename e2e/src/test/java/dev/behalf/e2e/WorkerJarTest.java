package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.standalone.Jars;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class WorkerJarTest {

  @Test
  void the_worker_ships_without_a_database_driver() throws Exception {
    try (var jar = new ZipFile(Jars.of("worker").toFile())) {
      assertThat(jar.stream().map(ZipEntry::getName))
          .anyMatch(name -> name.contains("okhttp"))
          .noneMatch(
              name ->
                  name.contains("postgresql")
                      || name.contains("jdbc")
                      || name.contains("HikariCP"));
    }
  }
}
