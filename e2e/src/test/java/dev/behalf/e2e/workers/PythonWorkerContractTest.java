package dev.behalf.e2e.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.Required;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The worker of samples/worker. */
class PythonWorkerContractTest extends WorkerContract {

  private static final Path FOLDER =
      Path.of(System.getProperty("behalf.home", ".."), "samples", "worker").toAbsolutePath();

  @Override
  List<String> command() {
    return List.of(
        Required.pythonWith("pika").toString(), "-B", FOLDER.resolve("worker.py").toString());
  }

  @Test
  void its_own_tests_pass() throws Exception {
    var process =
        new ProcessBuilder(
                Required.pythonWith("pika").toString(), "-B", "-m", "unittest", "test_worker")
            .directory(FOLDER.toFile())
            .inheritIO()
            .start();

    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
