package dev.behalf.compute.charges;

import dev.behalf.batch.GroupCommit;
import dev.behalf.compute.ledger.Ledger;
import dev.behalf.compute.quota.KeyCaps;
import dev.behalf.compute.quota.Quota;
import dev.behalf.contract.Period;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.Problems;
import dev.behalf.start.WarmUp;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes the results, ledger entries and quota use of many jobs in one transaction, with a decision
 * for each job. A job is stored together with its charge, or not at all.
 *
 * <p>Locks are taken in the order of an account's deletion, users first, so that the two cannot
 * deadlock. The lock on a quota row excludes all other charges to the same account and month, so
 * what is read under the lock stays true until the commit.
 */
@Component
public class Charges implements WarmUp, DisposableBean {

  private static final int MIB = 1024 * 1024;
  private static final GroupCommit.Bounds<PendingCharge> BOUNDS =
      new GroupCommit.Bounds<>(200, 10_000, 8 * MIB, 48 * MIB, PendingCharge::bytes);

  private final TransactionTemplate transaction;
  private final Results results;
  private final Quota quota;
  private final KeyCaps caps;
  private final Ledger ledger;
  private final GroupCommit<PendingCharge, ChargeDecision> groupCommit;

  Charges(
      TransactionTemplate transaction, Results results, Quota quota, KeyCaps caps, Ledger ledger) {
    this.transaction = transaction;
    this.results = results;
    this.quota = quota;
    this.caps = caps;
    this.ledger = ledger;
    this.groupCommit =
        new GroupCommit<>("charges", BOUNDS, failed -> !Problems.isTransient(failed), this::write);
  }

  /** Returns once the charge is stored or refused. */
  public ChargeDecision settle(PendingCharge charge) {
    try {
      return groupCommit.add(charge).join();
    } catch (RejectedExecutionException tooMany) {
      throw Problem.busy();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  /**
   * Retries once: at the turn of a month another replica can store the same result under the quota
   * row of another period. The second try finds that result.
   */
  private List<ChargeDecision> write(List<PendingCharge> charges) {
    try {
      return inTransaction(charges);
    } catch (DataIntegrityViolationException storedMeanwhile) {
      return inTransaction(charges);
    }
  }

  private List<ChargeDecision> inTransaction(List<PendingCharge> charges) {
    return Objects.requireNonNull(transaction.execute(status -> decideAndWrite(charges)));
  }

  private List<ChargeDecision> decideAndWrite(List<PendingCharge> charges) {
    var period = quota.period();
    var users = quota.lockUsers(charges.stream().map(charge -> charge.holder().userId()).toList());
    var living =
        charges.stream().filter(charge -> users.contains(charge.holder().userId())).toList();
    var quotas =
        quota.lock(living.stream().map(PendingCharge::account).collect(Collectors.toSet()), period);
    var capped =
        caps.read(
            living.stream()
                .filter(PendingCharge::mayBeCapped)
                .map(PendingCharge::cappedKey)
                .collect(Collectors.toSet()));
    var batch = new ChargeDecisions(quota, users, quotas, capped, results.find(living));
    var decisions = charges.stream().map(batch::decide).toList();
    if (!batch.accepted().isEmpty()) {
      store(batch, period);
    }
    return decisions;
  }

  private void store(ChargeDecisions batch, Period period) {
    results.insert(batch.accepted());
    ledger.append(batch.accepted().stream().map(charge -> charge.entry(period)).toList());
    caps.charge(batch.capCharges());
    quota.charge(batch.charges(), period);
  }

  /** Runs the statements of a batch without a charge, except those on caps, which need one. */
  @Override
  public void warmUp() {
    var nothing = new ChargeDecisions(quota, Set.of(), Map.of(), Map.of(), Map.of());
    transaction.executeWithoutResult(
        status -> {
          decideAndWrite(List.of());
          store(nothing, quota.period());
        });
  }

  @Override
  public void destroy() {
    groupCommit.close();
  }
}
