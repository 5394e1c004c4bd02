package dev.behalf.web.webhooks;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.behalf.contract.JobState;
import dev.behalf.contract.WireName;

/** The events that an endpoint can subscribe to: one for each final state of a job. */
public enum EventType implements WireName {
  JOB_SUCCEEDED(JobState.SUCCEEDED),
  JOB_FAILED(JobState.FAILED),
  JOB_CANCELLED(JobState.CANCELLED);

  private final String wire;

  EventType(JobState end) {
    this.wire = end.event();
  }

  @Override
  public String wire() {
    return wire;
  }

  /**
   * Returns the type with this {@link #wire} name.
   *
   * @throws IllegalArgumentException for any other name
   */
  @JsonCreator
  public static EventType of(String wire) {
    return WireName.find(EventType.class, wire)
        .orElseThrow(() -> new IllegalArgumentException("Unknown event."));
  }
}
