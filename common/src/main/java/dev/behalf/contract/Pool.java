package dev.behalf.contract;

/** A group of jobs that share compute slots. Each pool has its own queue order. */
public enum Pool implements WireName {
  /** Jobs that take microseconds and wait for no slot. */
  QUICK,
  /** Jobs that occupy a processor for a while; processors are few. */
  COSTLY;
}
