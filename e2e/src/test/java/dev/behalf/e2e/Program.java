package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end. */
final class Program {

  private Program() {}

  /**
   * Runs a program, which has to end in time and with 0.
   *
   * @return what it has said on both outputs
   */
  static String run(ProcessBuilder builder, Duration most)
      throws IOException, InterruptedException {
    var output = Files.createTempFile("program", ".txt");
    var process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS))
          .as(builder.command().toString())
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    var said = Files.readString(output);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
