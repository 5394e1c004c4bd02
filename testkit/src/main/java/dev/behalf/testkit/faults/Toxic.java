package dev.behalf.testkit.faults;

import java.time.Duration;

/** A fault of the connections through a proxy. */
public sealed interface Toxic {

  /** No fault. */
  record None() implements Toxic {}

  /** Each piece of data is delayed by the mean, plus or minus the jitter. */
  record Latency(Duration mean, Duration jitter) implements Toxic {}

  /** Open connections are closed and new ones are refused. */
  record Down() implements Toxic {}

  /**
   * A connection is reset in the middle of an answer, after a random number of bytes, at most
   * {@code bytes}.
   */
  record ResetWithin(int bytes) implements Toxic {}

  /** A connection is closed on which the server has said nothing for so long, as proxies do. */
  record CutSilent(Duration after) implements Toxic {}

  /** Data arrives byte by byte. */
  record Slices() implements Toxic {}

  /**
   * Data is swallowed without an error on either side. A connection with this fault never recovers,
   * like one whose state a firewall has forgotten.
   */
  record HalfOpen() implements Toxic {}
}
