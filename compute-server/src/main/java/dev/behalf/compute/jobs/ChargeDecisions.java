package dev.behalf.compute.jobs;

import dev.behalf.compute.jobs.ChargeDecision.Refused;
import dev.behalf.compute.jobs.ChargeDecision.Saved;
import dev.behalf.compute.quota.Account;
import dev.behalf.compute.quota.KeyCaps;
import dev.behalf.compute.quota.Quota;
import dev.behalf.compute.quota.QuotaState;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Gives each claim of a batch its verdict, in turn, as if each had come alone: without a database,
 * from what was read under the locks of the batch.
 */
final class ChargeDecisions {

  private final Quota quota;
  private final Set<UUID> users;
  private final Map<Account, QuotaState> states;
  private final Map<KeyCaps.Key, KeyCaps.Cap> caps;
  private final Map<PendingCharge.Ref, Results.Found> saved;
  private final Set<PendingCharge.Ref> cancelled;
  private final Map<Account, Long> charges = new HashMap<>();
  private final Map<KeyCaps.Key, Long> capCharges = new HashMap<>();
  private final List<PendingCharge> accepted = new ArrayList<>();

  ChargeDecisions(
      Quota quota,
      Set<UUID> users,
      Map<Account, QuotaState> states,
      Map<KeyCaps.Key, KeyCaps.Cap> caps,
      Map<PendingCharge.Ref, Results.Found> saved,
      Set<PendingCharge.Ref> cancelled) {
    this.quota = quota;
    this.users = users;
    this.states = states;
    this.caps = caps;
    this.saved = new HashMap<>(saved);
    this.cancelled = cancelled;
  }

  ChargeDecision decide(PendingCharge charge) {
    if (!users.contains(charge.holder().userId())) {
      return new Refused(
          new Problem(ProblemCode.KEY_INVALID, "The account of this key was deleted."));
    }
    var earlier = saved.get(charge.ref());
    if (earlier != null) {
      return replay(charge, earlier);
    }
    return cancelled.contains(charge.ref()) ? new Refused(cancelled()) : charge(charge);
  }

  /** What is to be written, in the order of the batch. */
  List<PendingCharge> accepted() {
    return accepted;
  }

  Map<Account, Long> charges() {
    return charges;
  }

  Map<KeyCaps.Key, Long> capCharges() {
    return capCharges;
  }

  static ChargeDecision replay(PendingCharge charge, Results.Found earlier) {
    return Arrays.equals(charge.fingerprint(), earlier.fingerprint())
        ? new Saved(earlier.saved())
        : new Refused(
            new Problem(
                ProblemCode.JOB_ID_REUSED,
                "Take a new id: this one has a result for another input."));
  }

  static Problem cancelled() {
    return new Problem(
        ProblemCode.JOB_CANCELLED, "Its owner has cancelled it; nothing is charged.");
  }

  private ChargeDecision charge(PendingCharge charge) {
    var units = charge.result().units();
    var state = Objects.requireNonNull(states.get(charge.account()));
    var charged = charges.getOrDefault(charge.account(), 0L);
    if (state.left() < charged + units) {
      return new Refused(quota.exceeded(state, charged));
    }
    var cap = charge.mayBeCapped() ? caps.get(charge.cappedKey()) : null;
    if (cap != null) {
      var cost = capCharges.getOrDefault(charge.cappedKey(), 0L) + units;
      if (cap.used() + cost > cap.limit()) {
        return new Refused(KeyCaps.reached(cap.limit()));
      }
      capCharges.put(charge.cappedKey(), cost);
    }
    charges.put(charge.account(), charged + units);
    accepted.add(charge);
    // The same job may be there twice in one batch.
    var result = charge.result();
    saved.put(
        charge.ref(),
        new Results.Found(
            new SavedResult(result.jobId(), result.result(), result.units(), true),
            charge.fingerprint()));
    return new Saved(result);
  }
}
