package dev.behalf.contract;

/** Jobs that share places to be computed. Each pool has a queue order of its own. */
public enum Pool implements WireName {
  /** Computed in microseconds: waits for nothing. */
  QUICK,
  /** Takes a processor for a while, of which there are few. */
  COSTLY;
}
