package dev.behalf.compute.jobs;

import dev.behalf.compute.jobs.Verdict.Refused;
import dev.behalf.compute.jobs.Verdict.Saved;
import dev.behalf.compute.quota.Account;
import dev.behalf.compute.quota.KeyCaps;
import dev.behalf.compute.quota.Quota;
import dev.behalf.compute.quota.Standing;
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
final class Decisions {

  private final Quota quota;
  private final Set<UUID> users;
  private final Map<Account, Standing> standings;
  private final Map<KeyCaps.Key, KeyCaps.Cap> caps;
  private final Map<Claim.Ref, Results.Found> saved;
  private final Set<Claim.Ref> cancelled;
  private final Map<Account, Long> charges = new HashMap<>();
  private final Map<KeyCaps.Key, Long> capCharges = new HashMap<>();
  private final List<Claim> accepted = new ArrayList<>();

  Decisions(
      Quota quota,
      Set<UUID> users,
      Map<Account, Standing> standings,
      Map<KeyCaps.Key, KeyCaps.Cap> caps,
      Map<Claim.Ref, Results.Found> saved,
      Set<Claim.Ref> cancelled) {
    this.quota = quota;
    this.users = users;
    this.standings = standings;
    this.caps = caps;
    this.saved = new HashMap<>(saved);
    this.cancelled = cancelled;
  }

  Verdict decide(Claim claim) {
    if (!users.contains(claim.holder().userId())) {
      return new Refused(
          new Problem(ProblemCode.KEY_INVALID, "The account of this key was deleted."));
    }
    var earlier = saved.get(claim.ref());
    if (earlier != null) {
      return replay(claim, earlier);
    }
    return cancelled.contains(claim.ref()) ? new Refused(cancelled()) : charge(claim);
  }

  /** What is to be written, in the order of the batch. */
  List<Claim> accepted() {
    return accepted;
  }

  Map<Account, Long> charges() {
    return charges;
  }

  Map<KeyCaps.Key, Long> capCharges() {
    return capCharges;
  }

  static Verdict replay(Claim claim, Results.Found earlier) {
    return Arrays.equals(claim.fingerprint(), earlier.fingerprint())
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

  private Verdict charge(Claim claim) {
    var units = claim.result().units();
    var standing = Objects.requireNonNull(standings.get(claim.account()));
    var charged = charges.getOrDefault(claim.account(), 0L);
    if (standing.left() < charged + units) {
      return new Refused(quota.exceeded(standing, charged));
    }
    var cap = claim.mayBeCapped() ? caps.get(claim.cappedKey()) : null;
    if (cap != null) {
      var cost = capCharges.getOrDefault(claim.cappedKey(), 0L) + units;
      if (cap.used() + cost > cap.limit()) {
        return new Refused(KeyCaps.reached(cap.limit()));
      }
      capCharges.put(claim.cappedKey(), cost);
    }
    charges.put(claim.account(), charged + units);
    accepted.add(claim);
    // The same job may be there twice in one batch.
    var result = claim.result();
    saved.put(
        claim.ref(),
        new Results.Found(
            new SavedResult(result.jobId(), result.result(), result.units(), true),
            claim.fingerprint()));
    return new Saved(result);
  }
}
