package dev.behalf.web.webhooks;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.behalf.contract.JobState;
import java.util.Arrays;

/** The events that an endpoint can subscribe to: one for each final state of a job. */
public enum EventType {
  JOB_SUCCEEDED(JobState.SUCCEEDED),
  JOB_FAILED(JobState.FAILED),
  JOB_CANCELLED(JobState.CANCELLED);

  private final String wire;

  EventType(JobState end) {
    this.wire = end.event();
  }

  @JsonValue
  public String wire() {
    return wire;
  }

  /**
   * Reads {@link #wire}.
   *
   * @throws IllegalArgumentException for any other word
   */
  @JsonCreator
  public static EventType of(String wire) {
    return Arrays.stream(values())
        .filter(type -> type.wire.equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("There is no such event."));
  }
}
