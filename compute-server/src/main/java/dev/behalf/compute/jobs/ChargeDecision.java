package dev.behalf.compute.jobs;

import dev.behalf.server.problem.Problem;

/** What became of one claim of a batch. */
sealed interface ChargeDecision {

  /** It is stored: now, or since an earlier call. */
  record Saved(SavedResult result) implements ChargeDecision {}

  /** Nothing of it was stored or charged. */
  record Refused(Problem problem) implements ChargeDecision {}
}
