package dev.behalf.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The check for parts that a machine may lack. A test that needs such a part is skipped without it,
 * but fails if BEHALF_REQUIRE names the part, as in CI.
 */
public final class Required {

  private Required() {}

  /** Returns the part; skips or fails the test if the part is missing. */
  public static <T> T orSkip(String part, Optional<T> found) {
    var required = List.of(System.getenv().getOrDefault("BEHALF_REQUIRE", "").split(",", -1));
    if (found.isEmpty() && required.contains(part)) {
      throw new AssertionError("BEHALF_REQUIRE names " + part + ", and it is not here.");
    }
    assumeTrue(found.isPresent(), "there is no " + part + " on this machine");
    return found.orElseThrow();
  }

  /** Returns a Python that has a module, by its name; skips or fails the test if there is none. */
  public static Path pythonWith(String module) {
    return orSkip(
        module, programs("python3").filter(python -> imports(python, module)).findFirst());
  }

  private static boolean imports(Path python, String module) {
    try {
      return new ProcessBuilder(python.toString(), "-c", "import " + module)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns a program of the path; skips or fails the test if there is none. */
  public static Path program(String name) {
    return orSkip(name, programs(name).findFirst());
  }

  private static Stream<Path> programs(String name) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable);
  }
}
