package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.WireName;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The states of a key and, in one table, the moves between them. */
public enum KeyState implements WireName {
  ACTIVE,
  DISABLED,
  /** Its successor works already; it works too, until the overlap ends. */
  ROTATING,
  EXPIRED,
  REVOKED;

  /** To {@code EXPIRED} a key comes by itself, when its time is over. */
  private static final Map<KeyState, Set<KeyState>> MOVES =
      Map.of(
          ACTIVE, EnumSet.of(DISABLED, ROTATING, REVOKED),
          DISABLED, EnumSet.of(ACTIVE, REVOKED),
          ROTATING, EnumSet.of(ACTIVE, REVOKED),
          EXPIRED, EnumSet.of(REVOKED),
          REVOKED, EnumSet.noneOf(KeyState.class));

  public boolean mayBecome(KeyState next) {
    return MOVES.getOrDefault(this, Set.of()).contains(next);
  }

  /** A request with the key is let in. */
  public boolean works() {
    return this == ACTIVE || this == ROTATING;
  }
}
