package dev.behalf.e2e.faults;

import java.time.Instant;

/** Something that goes wrong while jobs run. */
@FunctionalInterface
interface FaultCase {

  /** Does it, comes back when it is over, and says when that was. */
  Instant strike() throws Exception;
}
