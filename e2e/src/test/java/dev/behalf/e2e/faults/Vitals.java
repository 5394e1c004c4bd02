package dev.behalf.e2e.faults;

import dev.behalf.e2e.Metrics;
import dev.behalf.standalone.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What must not grow in a process.
 *
 * @param heap in bytes, after a full collection
 */
record Vitals(long heap, long threads, long files) {

  static Vitals of(Service service) throws Exception {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    new ProcessBuilder(jcmd, String.valueOf(service.pid()), "GC.run")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    return new Vitals(
        (long) Metrics.sum(service, "jvm_memory_used_bytes", "area=\"heap\""),
        entries(service.pid(), "task"),
        entries(service.pid(), "fd"));
  }

  @Override
  public String toString() {
    return "%d MiB, %d threads, %d files".formatted(heap >> 20, threads, files);
  }

  private static long entries(long pid, String folder) throws IOException {
    try (var all = Files.list(Path.of("/proc", String.valueOf(pid), folder))) {
      return all.count();
    }
  }
}
