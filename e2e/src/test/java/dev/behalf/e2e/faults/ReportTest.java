package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws Exception {
    file = folder.resolve("reliability.md");
    new Report(file).add(row("one", 1));
    new Report(file).add(row("two", 2));
    Files.writeString(file, Files.readString(file) + "\nBelow.\n\n| a table | of another kind |\n");
  }

  @Test
  void a_case_that_is_run_again_replaces_its_line() throws Exception {
    new Report(file).add(row("one", 3));

    assertThat(file).content().contains(row("one", 3).line() + "\n" + row("two", 2).line() + "\n");
    assertThat(file).content().doesNotContain(row("one", 1).line());
  }

  @Test
  void what_is_said_below_the_table_stays() throws Exception {
    new Report(file).add(row("three", 3));

    assertThat(file)
        .content()
        .endsWith(row("three", 3).line() + "\n\nBelow.\n\n| a table | of another kind |\n");
  }

  private static Row row(String name, int jobs) {
    return new Row(name, jobs, 0, 0, 0, 0, 0, Duration.ofSeconds(1));
  }
}
