package dev.behalf.compute.charges;

import dev.behalf.compute.quota.Holds;

/** What happens to a job for which units are to be held. */
public sealed interface HoldDecision {

  /** The units are held: the work can begin, and must end with its hold. */
  record Held(Holds.Hold hold) implements HoldDecision {}

  /** Nothing is to be done: the result is stored already, or the job is refused. */
  record Decided(ChargeDecision decision) implements HoldDecision {}
}
