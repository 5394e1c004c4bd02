package dev.behalf.compute.quota;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;

/** Where a user stands in a period, in units. */
public record QuotaState(Environment environment, Period period, long limit, long used) {

  /** Never below 0, also where an operator has lowered the limit. */
  public long left() {
    return Math.max(0, limit - used);
  }
}
