package dev.behalf.contract;

import java.time.Instant;

/** A station that a job passed, and when, by the clock of the process that saw it. */
public record Hop(Station station, Instant at) {

  /** The stations in the order a job passes them; a retry passes from {@link #DISPATCHED} again. */
  public enum Station implements WireName {
    /** web-app has stored the job. */
    SUBMITTED,
    /** web-app has handed it to the broker. */
    DISPATCHED,
    /** A worker has taken it. */
    TAKEN,
    /** Its signature is right. */
    VERIFIED,
    /** The worker holds its user's key. */
    KEY_FOUND,
    /** compute-server has the request; this and the next two from what it says of its times. */
    RECEIVED,
    /** The engine has computed it. */
    COMPUTED,
    /** Result, quota and charge are saved. */
    CHARGED,
    /** compute-server has answered. */
    ANSWERED,
    /** web-app has stored the outcome. */
    SETTLED,
    /** Its owner has opened its page after the end, or had it open. */
    SHOWN
  }
}
