package dev.behalf.compute.charges;

import dev.behalf.server.problem.Problem;

/** The decision on one pending charge of a batch. */
public sealed interface ChargeDecision {

  /** The result is stored, now or by an earlier call. */
  record Saved(SavedResult result) implements ChargeDecision {}

  /** Nothing was stored or charged. */
  record Refused(Problem problem) implements ChargeDecision {}
}
