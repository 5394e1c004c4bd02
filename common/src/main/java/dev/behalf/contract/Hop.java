package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/** A station that a job passed, and when, by the clock of the process that saw it. */
public record Hop(Station station, Instant at) {

  /** The stations in the order a job passes them; a retry passes from {@link #DISPATCHED} again. */
  public enum Station {
    /** web-app has stored the job. */
    @JsonProperty("submitted")
    SUBMITTED,
    /** web-app has handed it to the broker. */
    @JsonProperty("dispatched")
    DISPATCHED,
    /** A worker has taken it. */
    @JsonProperty("taken")
    TAKEN,
    /** Its signature is right. */
    @JsonProperty("verified")
    VERIFIED,
    /** The worker holds its user's key. */
    @JsonProperty("key_found")
    KEY_FOUND,
    /** compute-server has the request; this and the next two from what it says of its times. */
    @JsonProperty("received")
    RECEIVED,
    /** The engine has computed it. */
    @JsonProperty("computed")
    COMPUTED,
    /** Result, quota and charge are saved. */
    @JsonProperty("charged")
    CHARGED,
    /** compute-server has answered. */
    @JsonProperty("answered")
    ANSWERED,
    /** web-app has stored the outcome. */
    @JsonProperty("settled")
    SETTLED,
    /** Its owner has opened its page after the end, or had it open. */
    @JsonProperty("shown")
    SHOWN
  }
}
