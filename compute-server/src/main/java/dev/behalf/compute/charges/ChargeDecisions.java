package dev.behalf.compute.charges;

import dev.behalf.compute.charges.ChargeDecision.Refused;
import dev.behalf.compute.charges.ChargeDecision.Saved;
import dev.behalf.compute.quota.Account;
import dev.behalf.compute.quota.KeyCaps;
import dev.behalf.compute.quota.Quota;
import dev.behalf.compute.quota.QuotaState;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Decides the pending charges of a batch in order, as if each had come alone. This needs no
 * database, only what was read under the locks of the batch.
 */
final class ChargeDecisions {

  private final Quota quota;
  private final Set<UUID> users;
  private final Map<Account, QuotaState> states;
  private final Map<KeyCaps.Key, KeyCaps.Cap> caps;
  private final Map<PendingCharge.Ref, Results.Earlier> known;
  private final Map<Account, Long> charges = new HashMap<>();
  private final Map<KeyCaps.Key, Long> capCharges = new HashMap<>();
  private final List<PendingCharge> accepted = new ArrayList<>();

  ChargeDecisions(
      Quota quota,
      Set<UUID> users,
      Map<Account, QuotaState> states,
      Map<KeyCaps.Key, KeyCaps.Cap> caps,
      Map<PendingCharge.Ref, Results.Earlier> known) {
    this.quota = quota;
    this.users = users;
    this.states = states;
    this.caps = caps;
    this.known = new HashMap<>(known);
  }

  ChargeDecision decide(PendingCharge charge) {
    if (!users.contains(charge.holder().userId())) {
      return new Refused(deleted());
    }
    var earlier = known.get(charge.ref());
    return earlier == null ? charge(charge) : of(charge, earlier);
  }

  /** Returns the charges to write, in the order of the batch. */
  List<PendingCharge> accepted() {
    return accepted;
  }

  Map<Account, Long> charges() {
    return charges;
  }

  Map<KeyCaps.Key, Long> capCharges() {
    return capCharges;
  }

  /** Returns the decision on a job that is known already. */
  static ChargeDecision of(PendingCharge charge, Results.Earlier earlier) {
    return switch (earlier) {
      case Results.Ended ended -> new Refused(ended.why());
      case Results.Found found when charge.isSameWork(found) -> new Saved(found.saved());
      case Results.Found other -> new Refused(reused());
    };
  }

  static Problem reused() {
    return new Problem(
        ProblemCode.JOB_ID_REUSED,
        "This id already belongs to another input, or to a job that was deleted: use a new id.");
  }

  static Problem deleted() {
    return new Problem(ProblemCode.KEY_INVALID, "The account of this key was deleted.");
  }

  static Problem cancelled() {
    return new Problem(
        ProblemCode.JOB_CANCELLED, "The owner cancelled the job; nothing is charged.");
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
    // A batch may contain the same job twice.
    var result = charge.result();
    known.put(
        charge.ref(),
        new Results.Found(
            new SavedResult(result.jobId(), result.result(), result.units(), true),
            charge.fingerprint(),
            charge.version()));
    return new Saved(result);
  }
}
