package dev.behalf.web.work.dispatch;

import dev.behalf.contract.JobPayload.Operation;
import dev.behalf.contract.Pool;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * What all compute-servers together can compute at once, and how long it takes.
 *
 * @param places for costly work
 * @param millisPerKib of payload, by operation; those that are not there have not run yet
 */
record Capacity(int places, Map<String, Double> millisPerKib) {

  /**
   * A job counts for so much work at most: then as many jobs as there are places fit, however long
   * they take, and none waits at compute-server for longer than that.
   */
  static final Duration MOST_OF_ONE = Duration.ofMillis(500);

  /** Until it is known better. A job too few at the start costs less than one too many. */
  private static final double MILLIS_PER_KIB = 200;

  /** Where no compute-server is heard of: so much is sent to find out whether there is one. */
  static final Capacity UNKNOWN = new Capacity(1, Map.of());

  /** As much work may be out as keeps each place busy until the next round has come through. */
  Duration work() {
    return MOST_OF_ONE.multipliedBy(places);
  }

  String[] operations() {
    return Arrays.stream(Operation.values())
        .filter(operation -> operation.pool() == Pool.COSTLY)
        .map(Operation::wire)
        .toArray(String[]::new);
  }

  /** In the order of {@link #operations}. */
  double[] rates() {
    return Arrays.stream(operations())
        .mapToDouble(operation -> millisPerKib.getOrDefault(operation, MILLIS_PER_KIB))
        .toArray();
  }
}
