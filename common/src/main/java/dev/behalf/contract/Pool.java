package dev.behalf.contract;

import java.util.Locale;

/** Jobs that share places to be computed. Each pool has a queue order of its own. */
public enum Pool {
  /** Computed in microseconds: waits for nothing. */
  QUICK,
  /** Takes a processor for a while, of which there are few. */
  COSTLY;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The word in tables. */
  public String wire() {
    return wire;
  }
}
