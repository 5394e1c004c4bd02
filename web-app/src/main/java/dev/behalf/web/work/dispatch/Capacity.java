package dev.behalf.web.work.dispatch;

import dev.behalf.contract.Pool;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * How much all compute-servers together can compute at once, and at what rate.
 *
 * @param places number of compute slots for costly work
 * @param millisPerKib computing time in ms per KiB of payload, by operation; an operation without
 *     an entry has not run yet
 */
record Capacity(int places, Map<String, Double> millisPerKib) {

  /**
   * Most computing time that one job counts for. With this cap at least as many jobs fit as there
   * are slots, however long they take, and no job waits at compute-server for longer than this.
   */
  static final Duration MOST_OF_ONE = Duration.ofMillis(500);

  /**
   * Rate assumed for an operation that has not run yet. It is high, because one job too few at the
   * start costs less than one too many.
   */
  private static final double MILLIS_PER_KIB = 200;

  /**
   * Capacity assumed while no compute-server reports: one slot, to find out whether there is a
   * server.
   */
  static final Capacity UNKNOWN = new Capacity(1, Map.of());

  /**
   * Returns how much computing time may be in flight: enough to keep each slot busy until the next
   * round arrives.
   */
  Duration work() {
    return MOST_OF_ONE.multipliedBy(places);
  }

  /** Returns the operations with a known rate. */
  String[] operations() {
    return millisPerKib.keySet().toArray(String[]::new);
  }

  /** Returns the rates in ms per KiB, in the order of {@link #operations}. */
  double[] rates() {
    return Arrays.stream(operations()).mapToDouble(millisPerKib::get).toArray();
  }

  /** Returns the rate of an operation without a known rate, in ms per KiB. */
  static double unknownRate(Pool pool) {
    return pool.equals(Pool.COSTLY) ? MILLIS_PER_KIB : 0;
  }
}
