package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An operation is data: only its definition and its engine name it. */
class OperationNamesTest {

  private static final Path HOME = Path.of(System.getProperty("behalf.home", ".."));

  private static final Pattern NAMES =
      Pattern.compile(
          "\\b(classify|summarize|similarity)\\b|[\"':=](echo|embed|keywords)\\b",
          Pattern.CASE_INSENSITIVE);

  private static final List<String> EXCEPTIONS =
      List.of(
          // The engines and their definitions.
          "compute-server/src/main/java/dev/behalf/compute/engines/",
          "compute-server/src/main/resources/operations/",
          // The recording of a job, which names its operation as each job does.
          "web-app/src/main/resources/front/job.json",
          // What is measured, and on what.
          "bench/src/main/",
          // A migration never changes once it is released; this one is from before.
          "database/src/main/resources/db/migration/V14__bounds.sql");

  @Test
  void no_other_file_of_main_code_names_an_operation() throws IOException {
    try (var files = Files.walk(HOME)) {
      var naming =
          files
              .filter(file -> file.toString().contains("/src/main/"))
              .filter(file -> !file.toString().contains("/target/"))
              .filter(
                  file ->
                      file.toString()
                          .matches(
                              ".*\\.(java|html|js|css|properties|yaml|sql|json)|.*/snippets/\\w+"))
              .filter(Files::isRegularFile)
              .map(file -> HOME.relativize(file).toString())
              .filter(file -> EXCEPTIONS.stream().noneMatch(file::startsWith))
              .filter(file -> NAMES.matcher(read(file)).find())
              .toList();

      assertThat(naming).isEmpty();
    }
  }

  private static String read(String file) {
    try {
      return Files.readString(HOME.resolve(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
