package dev.behalf.web.webhooks;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How far a delivery is. */
public enum DeliveryState {
  /** To be sent when it is due. */
  PENDING,
  /** An attempt is under way, or its process has died: then it is due when the lease ends. */
  SENDING,
  DELIVERED,
  /** There is no other attempt, unless somebody replays it. */
  FAILED;

  private final String wire = name().toLowerCase(Locale.ROOT);

  @JsonValue
  public String wire() {
    return wire;
  }

  static Optional<DeliveryState> of(String wire) {
    return Arrays.stream(values()).filter(state -> state.wire.equals(wire)).findFirst();
  }
}
