package dev.behalf.web.webhooks;

import dev.behalf.contract.WireName;
import java.util.Optional;

/** The state of a delivery. */
public enum DeliveryState implements WireName {
  /** The delivery waits until its next attempt is due. */
  PENDING,
  /** An attempt is in flight, or its process died: the delivery is due when the lease ends. */
  SENDING,
  DELIVERED,
  /** No further attempt follows, unless somebody replays the delivery. */
  FAILED;

  static Optional<DeliveryState> of(String wire) {
    return WireName.find(DeliveryState.class, wire);
  }
}
