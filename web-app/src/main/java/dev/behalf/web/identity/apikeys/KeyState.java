package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.WireName;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The states of a key and, in one table, the transitions between them. */
public enum KeyState implements WireName {
  ACTIVE,
  DISABLED,
  /** The key works alongside its successor until the overlap ends. */
  ROTATING,
  EXPIRED,
  REVOKED;

  /** The transitions that operations make. A key becomes {@code EXPIRED} by itself. */
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

  /** Returns whether requests with the key are accepted. */
  public boolean works() {
    return this == ACTIVE || this == ROTATING;
  }
}
