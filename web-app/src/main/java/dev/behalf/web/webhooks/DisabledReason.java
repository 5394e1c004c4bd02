package dev.behalf.web.webhooks;

import dev.behalf.contract.WireName;

/** Why an endpoint hears nothing. */
public enum DisabledReason implements WireName {
  /** Its owner wants it so; what waits goes on when it is enabled again. */
  OWNER,
  /** It has answered 410. */
  GONE,
  /** It has done nothing but fail for days. */
  FAILING;

  static DisabledReason of(String wire) {
    return WireName.find(DisabledReason.class, wire).orElseThrow();
  }
}
