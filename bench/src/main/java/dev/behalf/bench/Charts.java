package dev.behalf.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The charts of docs/performance.md, drawn from the figures of one run. */
final class Charts {

  private static final List<String> PROCESSES =
      List.of("web-app", "worker", "compute-server", "broker", "database");
  private static final List<String> HOPS =
      List.of("dispatched", "taken", "key_found", "answered", "settled");

  private Charts() {}

  /** Writes a file for each chart whose part was measured. */
  static void write(Figures figures, Path folder) throws IOException {
    Files.createDirectories(folder);
    write(
        folder.resolve("cpu.svg"),
        Chart.of(
            "CPU seconds for 1,000 echo jobs in a drain",
            "s",
            figures,
            named(PROCESSES, "drain.cpu_seconds_per_1000_jobs.", "")));
    write(
        folder.resolve("hops.svg"),
        Chart.of(
            "One job on an idle system: median until each station",
            "ms",
            figures,
            named(HOPS, "idle.hops.until_", "_p50_ms")));
    write(
        folder.resolve("growth.svg"),
        Chart.of(
            "Drain rate by finished jobs in the tables",
            "jobs/s",
            figures,
            named(Growth.FINISHED, "growth.with_", ".drain_jobs_per_second")));
  }

  private static void write(Path file, Chart chart) throws IOException {
    if (!chart.bars().isEmpty()) {
      Files.writeString(file, chart.svg());
    }
  }

  /** Returns the names of figures with their labels in the chart. */
  private static Map<String, String> named(List<?> things, String before, String after) {
    var names = new LinkedHashMap<String, String>();
    for (var thing : things) {
      var label = thing instanceof Integer number ? "%,d".formatted(number) : thing.toString();
      names.put(before + thing.toString().replace('-', '_') + after, label.replace('_', ' '));
    }
    return names;
  }
}
