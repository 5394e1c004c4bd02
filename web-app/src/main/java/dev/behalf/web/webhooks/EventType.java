package dev.behalf.web.webhooks;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.behalf.contract.JobState;
import dev.behalf.contract.WireName;

/** The events that an endpoint can subscribe to: ends of jobs and of batches. */
public enum EventType implements WireName {
  JOB_SUCCEEDED(JobState.SUCCEEDED.event()),
  JOB_FAILED(JobState.FAILED.event()),
  JOB_CANCELLED(JobState.CANCELLED.event()),
  BATCH_COMPLETED("batch.completed");

  private final String wire;

  EventType(String wire) {
    this.wire = wire;
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
