package dev.behalf.web.webhooks;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** What an endpoint may hear of: how a job has ended. */
public enum EventType {
  JOB_SUCCEEDED,
  JOB_FAILED,
  JOB_CANCELLED;

  private final String wire = name().toLowerCase(Locale.ROOT).replace('_', '.');

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
