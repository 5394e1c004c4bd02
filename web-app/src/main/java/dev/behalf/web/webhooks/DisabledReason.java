package dev.behalf.web.webhooks;

import dev.behalf.contract.WireName;

/** The reason why an endpoint is disabled. */
public enum DisabledReason implements WireName {
  /** The owner disabled the endpoint; pending deliveries resume once it is enabled again. */
  OWNER,
  /** The endpoint answered 410 Gone. */
  GONE,
  /** Every attempt has failed for five days. */
  FAILING;

  static DisabledReason of(String wire) {
    return WireName.find(DisabledReason.class, wire).orElseThrow();
  }
}
