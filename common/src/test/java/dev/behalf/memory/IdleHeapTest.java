package dev.behalf.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdleHeapTest {

  private static final long MIB = 1024 * 1024;

  @ParameterizedTest
  @CsvSource({"5, 40, true", "5, 30, false", "10, 40, false", "90, 40, false"})
  void an_idle_process_collects_old_objects_if_there_are_enough(
      int cpuSeconds, long more, boolean isWorthCollecting) {
    assertThat(
            IdleHeap.isWorthCollecting(
                Duration.ofSeconds(cpuSeconds).toNanos(), Duration.ofSeconds(100), more * MIB))
        .isEqualTo(isWorthCollecting);
  }

  @Test
  void memory_of_a_burst_is_returned_once_the_process_is_idle() throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms16m",
                "-Xmn8m",
                "-Xmx256m",
                "-XX:MinHeapFreeRatio=20",
                "-XX:MaxHeapFreeRatio=40",
                "-XX:-ShrinkHeapInSteps",
                "-cp",
                System.getProperty("java.class.path"),
                Burst.class.getName())
            .redirectErrorStream(true)
            .start();

    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
  }

  /** A process that needs 150 MiB for a moment, and ends once it has fewer than 50. */
  static final class Burst {

    public static void main(String[] args) {
      IdleHeap.watch(Duration.ofMillis(200));
      assertThat(burst()).isGreaterThan(150 * MIB);
      await().until(() -> committed() < 50 * MIB);
    }

    private static long burst() {
      var held = new ArrayList<byte[]>();
      for (int i = 0; i < 150; i++) {
        held.add(new byte[(int) MIB]);
      }
      // As a full heap does, in the middle of a burst.
      System.gc();
      assertThat(held).hasSize(150);
      return committed();
    }

    private static long committed() {
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    }
  }
}
