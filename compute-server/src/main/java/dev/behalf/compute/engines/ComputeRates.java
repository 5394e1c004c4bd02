package dev.behalf.compute.engines;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * The recent compute time of each operation, in milliseconds per KiB of payload (1,024 UTF-16
 * units). web-app uses it to estimate how much work is in flight.
 */
@Component
public class ComputeRates {

  /** Weight of the newest run in the moving average; the last ten or so dominate it. */
  private static final double NEWEST = 0.1;

  private static final double KIB = 1024;

  private final Map<String, Double> millisPerKib = new ConcurrentHashMap<>();

  void ran(Task task, Duration took) {
    var rate = took.toNanos() / 1e6 / Math.max(1, task.size() / KIB);
    millisPerKib.merge(task.name(), rate, (mean, newest) -> mean + NEWEST * (newest - mean));
  }

  /** Returns the rates by operation; an operation that has not run yet is absent. */
  public Map<String, Double> millisPerKib() {
    return Map.copyOf(millisPerKib);
  }
}
