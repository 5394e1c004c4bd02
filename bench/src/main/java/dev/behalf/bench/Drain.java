package dev.behalf.bench;

import java.util.ArrayList;
import java.util.Comparator;

/**
 * Measures a drain: jobs of many users wait while the workers are suspended, then the workers
 * resume. The clock runs from then until the last outcome is stored.
 */
final class Drain {

  private static final int WARM_UPS = 3;

  private final JobSystem system;
  private final int jobs;

  Drain(JobSystem system, int jobs) {
    this.system = system;
    this.jobs = jobs;
  }

  record Run(double perSecond, Figures figures) {}

  /**
   * Reports the first drain as cold, and the median of the last ones. More drains warm up in
   * between: the JVMs keep compiling for some 60,000 jobs.
   */
  void measure(Figures figures, String name, int repeats) throws Exception {
    figures.put(name + ".jobs", jobs);
    figures.put(name + ".warm_up_jobs", WARM_UPS * jobs);
    figures.putAll(once(name + ".cold").figures());
    for (int i = 1; i < WARM_UPS; i++) {
      once(name + ".warm_up");
    }
    figures.putAll(median(name, repeats).figures());
    Limits.putShares(figures, name, "jobs_per_second");
    Limits.putShares(figures, name + ".cold", "jobs_per_second");
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
    system.stopWorkers();
    system.queue(jobs);
    var cpu = system.cpu().read();
    var start = System.nanoTime();
    system.letWorkersGo();
    system.awaitDrained(10);
    var seconds = (System.nanoTime() - start) / 1e9;
    var figures = new Figures();
    figures.put(name + ".jobs_per_second", jobs / seconds);
    system.cpu().put(figures, name + ".cpu_seconds_per_1000_jobs", cpu, jobs / 1000.0);
    return new Run(jobs / seconds, figures);
  }
}
