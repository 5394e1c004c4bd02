package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
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

  void ran(JobPayload payload, Duration took) {
    var kib = Math.max(1, payload.texts().mapToLong(String::length).sum() / KIB);
    var rate = took.toNanos() / 1e6 / kib;
    millisPerKib.merge(
        Objects.requireNonNull(payload.operation()),
        rate,
        (mean, newest) -> mean + NEWEST * (newest - mean));
  }

  /** Returns the rates by operation; an operation that has not run yet is absent. */
  public Map<String, Double> millisPerKib() {
    return Map.copyOf(millisPerKib);
  }
}
