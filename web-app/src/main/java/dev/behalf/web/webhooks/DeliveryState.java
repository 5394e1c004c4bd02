package dev.behalf.web.webhooks;

import dev.behalf.contract.WireName;
import java.util.Optional;

/** How far a delivery is. */
public enum DeliveryState implements WireName {
  /** To be sent when it is due. */
  PENDING,
  /** An attempt is under way, or its process has died: then it is due when the lease ends. */
  SENDING,
  DELIVERED,
  /** There is no other attempt, unless somebody replays it. */
  FAILED;

  static Optional<DeliveryState> of(String wire) {
    return WireName.find(DeliveryState.class, wire);
  }
}
