package dev.behalf.e2e.faults;

import dev.behalf.e2e.Metrics;
import dev.behalf.testkit.faults.FaultySystem;
import java.util.HashMap;
import java.util.Map;

/**
 * How many calls compute-server has answered from a saved result. A process that is killed takes
 * its counter along, so they are read again and again.
 */
final class Replays implements AutoCloseable {

  private static final String METER = "behalf_compute_replays_total";

  private final FaultySystem system;
  private final Map<Long, Double> byProcess = new HashMap<>();
  private final double before;
  private final Thread reader;
  private volatile boolean goesOn = true;

  Replays(FaultySystem system) {
    this.system = system;
    before = read();
    reader = Thread.ofVirtual().start(this::run);
  }

  /** Since this was made. */
  long total() {
    return Math.round(read() - before);
  }

  @Override
  public void close() throws InterruptedException {
    goesOn = false;
    reader.interrupt();
    reader.join();
  }

  private void run() {
    while (goesOn) {
      try {
        Thread.sleep(500);
        read();
      } catch (InterruptedException e) {
        goesOn = false;
      }
    }
  }

  private synchronized double read() {
    for (var replica : system.replicas()) {
      if (replica.startsWith(FaultySystem.COMPUTE)) {
        var service = system.service(replica);
        try {
          byProcess.put(service.pid(), Metrics.sum(service, METER));
        } catch (Exception down) {
          // What it said last still counts.
        }
      }
    }
    return byProcess.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
