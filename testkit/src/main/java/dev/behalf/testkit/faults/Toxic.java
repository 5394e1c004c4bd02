package dev.behalf.testkit.faults;

import java.time.Duration;

/** What is wrong with a connection. */
public sealed interface Toxic {

  /** Nothing. */
  record None() implements Toxic {}

  /** Each piece of data is late by the mean, give or take the jitter. */
  record Latency(Duration mean, Duration jitter) implements Toxic {}

  /** Connections are closed, and new ones refused. */
  record Down() implements Toxic {}

  /** A connection is reset in the middle of an answer, after some bytes, this many at most. */
  record ResetWithin(int bytes) implements Toxic {}

  /** Data comes byte by byte. */
  record Slices() implements Toxic {}

  /**
   * Data is swallowed and nobody is told. A connection that had this once never recovers, as one
   * whose state a firewall has forgotten.
   */
  record HalfOpen() implements Toxic {}
}
