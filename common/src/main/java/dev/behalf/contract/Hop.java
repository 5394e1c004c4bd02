package dev.behalf.contract;

import java.time.Instant;

/**
 * A hop: a station that a job passed, with the time by the clock of the process that recorded it.
 */
public record Hop(Station station, Instant at) {

  /**
   * The stations in the order in which a job passes them; a retry starts again from {@link
   * #DISPATCHED}.
   */
  public enum Station implements WireName {
    /** web-app has stored the job. */
    SUBMITTED,
    /** web-app has published the job to the broker. */
    DISPATCHED,
    /** A worker has received the job. */
    TAKEN,
    /** The worker has verified the message's signature. */
    VERIFIED,
    /** The worker has the key of the job's owner. */
    KEY_FOUND,
    /**
     * compute-server has received the request. The worker derives this time and the next two from
     * the durations that compute-server reports.
     */
    RECEIVED,
    /** The engine has computed the result. */
    COMPUTED,
    /** compute-server has saved the result, the quota and the charge. */
    CHARGED,
    /** The worker has received compute-server's answer. */
    ANSWERED,
    /** web-app knows that a run of the job has begun. */
    STARTED,
    /** compute-server has stored how the run ended, and its charge. */
    ENDED,
    /** web-app has stored the outcome. */
    SETTLED,
    /** The owner has seen the outcome on the job's page. */
    SHOWN
  }
}
