package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * How long each operation computes for each KiB of its payload, lately: by it web-app knows how
 * much work is out.
 */
@Component
public class ComputeRates {

  /** Of the newest run in the mean: the last ten or so make it up. */
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

  /** By operation; those that are not there have not run yet. */
  public Map<String, Double> millisPerKib() {
    return Map.copyOf(millisPerKib);
  }
}
