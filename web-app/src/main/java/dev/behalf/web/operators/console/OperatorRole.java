package dev.behalf.web.operators.console;

import dev.behalf.contract.WireName;
import dev.behalf.server.security.Scope;
import java.util.EnumSet;
import java.util.Set;

/** A user's role in operating the installation. */
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

  /** Returns the grantable scopes among {@code now}, plus the operator scopes of this role. */
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
   * Returns the role with this {@link #wire} name.
   *
   * @throws IllegalArgumentException for any other name
   */
  static OperatorRole of(String wire) {
    return WireName.find(OperatorRole.class, wire)
        .orElseThrow(() -> new IllegalArgumentException("Say observer, operator or none."));
  }
}
