package dev.behalf.web.operators.console;

import dev.behalf.contract.WireName;
import dev.behalf.server.security.Scope;
import java.util.EnumSet;
import java.util.Set;

/** How far somebody looks after the installation. */
enum OperatorRole implements WireName {
  NONE(false, false),
  OBSERVER(true, false),
  OPERATOR(true, true);

  private final boolean reads;
  private final boolean writes;

  OperatorRole(boolean reads, boolean writes) {
    this.reads = reads;
    this.writes = writes;
  }

  /** What a user has then, who has these scopes now. */
  Set<Scope> grantTo(Set<Scope> now) {
    var then = EnumSet.noneOf(Scope.class);
    then.addAll(Scope.both(Scope.GRANTABLE, now));
    if (reads) {
      then.add(Scope.OPS_READ);
    }
    if (writes) {
      then.add(Scope.OPS_WRITE);
    }
    return then;
  }

  static OperatorRole of(Set<Scope> scopes) {
    if (scopes.contains(Scope.OPS_WRITE)) {
      return OPERATOR;
    }
    return scopes.contains(Scope.OPS_READ) ? OBSERVER : NONE;
  }

  /**
   * Reads {@link #wire}.
   *
   * @throws IllegalArgumentException for any other word
   */
  static OperatorRole of(String wire) {
    return WireName.find(OperatorRole.class, wire)
        .orElseThrow(() -> new IllegalArgumentException("Say observer, operator or none."));
  }
}
