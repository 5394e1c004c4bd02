package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.faults.FailPoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A point of a class that was renamed would never be reached, and its case would prove nothing. */
class KillPointsTest {

  private static final Path HOME = Path.of(System.getProperty("behalf.home", ".."));

  static List<FailPoint> points() {
    return Stream.concat(KillPoints.ALL.stream(), KillPoints.OF_RUNS.stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("points")
  void a_kill_point_names_a_method_of_its_service(FailPoint point) throws Exception {
    var source =
        HOME.resolve(point.service())
            .resolve("src/main/java")
            .resolve(point.className().replace('.', '/') + ".java");

    assertThat(source).exists();
    assertThat(Files.readString(source)).containsPattern("(?m)^  [^=;]* " + point.method() + "\\(");
  }
}
