package dev.behalf.e2e.faults;

import dev.behalf.e2e.Metrics;
import dev.behalf.testkit.faults.FaultySystem;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * How many calls compute-server has answered from a saved result. A process that is killed takes
 * its counter along, so they are read again and again.
 */
final class Replays implements AutoCloseable {

  private static final String METER = "behalf_compute_replays_total";

  private final FaultySystem system;
  private final Map<Long, Double> byProcess = new HashMap<>();
  private final double before;
  private final ScheduledFuture<?> reading;
  private final ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor();

  Replays(FaultySystem system) {
    this.system = system;
    before = read();
    reading = reader.scheduleWithFixedDelay(this::read, 500, 500, TimeUnit.MILLISECONDS);
  }

  /** Since this was made. */
  long total() {
    return Math.round(read() - before);
  }

  @Override
  public void close() {
    reading.cancel(true);
    reader.shutdownNow();
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
