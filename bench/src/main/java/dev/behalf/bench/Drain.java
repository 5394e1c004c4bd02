package dev.behalf.bench;

import java.util.ArrayList;
import java.util.Comparator;

/**
 * Jobs of many users wait while workers stand still; then workers are let go. The clock runs from
 * there until the last outcome is stored.
 */
final class Drain {

  private final Stand stand;
  private final int jobs;

  Drain(Stand stand, int jobs) {
    this.stand = stand;
    this.jobs = jobs;
  }

  record Run(double perSecond, Figures figures) {}

  /** One drain to warm up, which is printed too, and as many that count: the median of those. */
  void measure(Figures figures, int repeats) throws Exception {
    figures.put("drain.jobs", jobs);
    figures.putAll(once("drain.cold").figures());
    var runs = new ArrayList<Run>();
    for (int i = 0; i < repeats; i++) {
      runs.add(once("drain"));
    }
    runs.sort(Comparator.comparingDouble(Run::perSecond));
    figures.putAll(runs.get(runs.size() / 2).figures());
  }

  Run once(String name) throws Exception {
    stand.stopWorkers();
    stand.queue(jobs, stand.users.size());
    var cpu = stand.cpu.read();
    var start = System.nanoTime();
    stand.letWorkersGo();
    stand.wakeDispatcher();
    stand.awaitDrained(10);
    var seconds = (System.nanoTime() - start) / 1e9;
    var figures = new Figures();
    figures.put(name + ".jobs_per_second", jobs / seconds);
    stand.putCpu(figures, name + ".cpu_seconds_per_1000_jobs", cpu, jobs / 1000.0);
    return new Run(jobs / seconds, figures);
  }
}
