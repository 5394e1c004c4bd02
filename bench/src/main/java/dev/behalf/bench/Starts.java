package dev.behalf.bench;

import dev.behalf.testkit.BehalfSystem;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures starts: all services are stopped and started at once, as after an upgrade, and the first
 * jobs are submitted as soon as all are ready. The database and the broker keep running.
 */
final class Starts {

  private static final int STARTS = 5;

  private final TestBed stand;

  Starts(TestBed stand) {
    this.stand = stand;
  }

  void measure(Figures figures) throws Exception {
    var idle = new Idle(stand);
    var ready = new long[STARTS];
    var first = new ArrayList<Idle.Finished>();
    var tenth = new ArrayList<Idle.Finished>();
    double cpu = 0;
    for (int i = 0; i < STARTS; i++) {
      for (var name : TestBed.SERVICES) {
        stand.system.service(name).close();
      }
      ready[i] = start();
      var seconds = stand.cpu.read();
      cpu += TestBed.SERVICES.stream().mapToDouble(seconds::get).sum();
      var jobs = idle.oneByOne(10);
      first.add(jobs.getFirst());
      tenth.add(jobs.getLast());
    }
    figures.put("start.starts", STARTS);
    figures.put("start.cpu_seconds", cpu / STARTS);
    put(figures, "start.all_ready", ready);
    put(figures, "start.first_job", nanos(first));
    idle.hops(figures, "start.first_job", first.stream().map(Idle.Finished::id).toList());
    put(figures, "start.tenth_job", nanos(tenth));
  }

  private static long[] nanos(List<Idle.Finished> jobs) {
    return jobs.stream().mapToLong(Idle.Finished::nanos).toArray();
  }

  private long start() throws Exception {
    var start = System.nanoTime();
    for (var name : TestBed.SERVICES) {
      stand.system.service(name).start();
    }
    for (var name : TestBed.SERVICES) {
      stand.system.service(name).awaitReady(BehalfSystem.START);
    }
    return System.nanoTime() - start;
  }

  private static void put(Figures figures, String name, long[] nanos) {
    var sorted = new Percentiles(nanos);
    figures.put(name + "_p50_ms", sorted.millis(50));
    figures.put(name + "_max_ms", sorted.millis(100));
  }
}
