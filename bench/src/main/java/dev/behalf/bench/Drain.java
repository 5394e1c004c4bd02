package dev.behalf.bench;

import java.util.ArrayList;
import java.util.Comparator;

/**
 * Jobs of many users wait while workers stand still; then workers are let go. The clock runs from
 * there until the last outcome is stored.
 */
final class Drain {

  private static final int WARM_UPS = 3;

  private final TestBed stand;
  private final int jobs;

  Drain(TestBed stand, int jobs) {
    this.stand = stand;
    this.jobs = jobs;
  }

  record Run(double perSecond, Figures figures) {}

  /**
   * The first drain is printed as cold, and not the only one to warm up: the JVMs go on compiling
   * for some 60,000 jobs. Of those that count it is the median.
   */
  void measure(Figures figures, int repeats) throws Exception {
    figures.put("drain.jobs", jobs);
    figures.putAll(once("drain.cold").figures());
    for (int i = 1; i < WARM_UPS; i++) {
      once("drain.warm_up");
    }
    figures.putAll(median("drain", repeats).figures());
    Limits.putShares(figures, "drain", "jobs_per_second");
  }

  Run median(String name, int repeats) throws Exception {
    var runs = new ArrayList<Run>();
    for (int i = 0; i < repeats; i++) {
      runs.add(once(name));
    }
    runs.sort(Comparator.comparingDouble(Run::perSecond));
    return runs.get(runs.size() / 2);
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
