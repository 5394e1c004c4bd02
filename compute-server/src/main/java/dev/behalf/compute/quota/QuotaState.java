package dev.behalf.compute.quota;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;

/**
 * The limit and use of a user's quota in one period, in units.
 *
 * @param held what work under way may still cost; see {@link Holds}
 */
public record QuotaState(Environment environment, Period period, long limit, long used, long held) {

  /** Returns the units left, never below 0, even if an operator has lowered the limit. */
  public long left() {
    return Math.max(0, limit - used - held);
  }
}
