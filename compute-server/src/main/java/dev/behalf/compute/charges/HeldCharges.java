package dev.behalf.compute.charges;

import dev.behalf.compute.charges.ChargeDecision.Refused;
import dev.behalf.compute.charges.HoldDecision.Decided;
import dev.behalf.compute.charges.HoldDecision.Held;
import dev.behalf.compute.ledger.Ledger;
import dev.behalf.compute.quota.Holds;
import dev.behalf.compute.quota.Holds.Hold;
import dev.behalf.compute.quota.KeyCaps;
import dev.behalf.compute.quota.Quota;
import dev.behalf.contract.Period;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Charges jobs whose cost is known only afterwards. The greatest cost is held before the work
 * begins; afterwards result, ledger entry and quota use are stored together as the hold ends, or
 * the hold ends without a charge. Each step is one transaction.
 */
@Component
public class HeldCharges {

  /** Most holds that one round of {@link #endOverdue} ends. */
  private static final int A_ROUND = 500;

  private final TransactionTemplate transaction;
  private final Results results;
  private final Quota quota;
  private final KeyCaps caps;
  private final Holds holds;
  private final Ledger ledger;
  private final ApplicationEventPublisher events;

  HeldCharges(
      TransactionTemplate transaction,
      Results results,
      Quota quota,
      KeyCaps caps,
      Holds holds,
      Ledger ledger,
      ApplicationEventPublisher events) {
    this.transaction = transaction;
    this.results = results;
    this.quota = quota;
    this.caps = caps;
    this.holds = holds;
    this.ledger = ledger;
    this.events = events;
  }

  /**
   * Holds the greatest cost of a job.
   *
   * @param greatest the job, with its greatest cost as its units
   * @param lease how long the hold stays if this server is lost
   */
  public HoldDecision hold(PendingCharge greatest, Duration lease) {
    return Objects.requireNonNull(
        transaction.execute(status -> holdInTransaction(greatest, lease)));
  }

  private HoldDecision holdInTransaction(PendingCharge greatest, Duration lease) {
    var account = greatest.account();
    if (quota.lockUsers(List.of(account.userId())).isEmpty()) {
      return new Decided(new Refused(ChargeDecisions.deleted()));
    }
    var period = periodOf(greatest);
    var state = Objects.requireNonNull(quota.lock(Set.of(account), period).get(account));
    var decided = results.decided(greatest);
    if (decided.isPresent()) {
      return new Decided(decided.get());
    }
    var earlier = holds.find(account, greatest.result().jobId());
    if (!period.equals(earlier.map(Hold::period).orElseGet(quota::period))) {
      // Between the two looks the month or the earlier hold has ended: the other month is locked.
      return new Decided(new Refused(Problem.unavailable()));
    }
    if (earlier.isPresent()) {
      return again(greatest, earlier.get(), lease);
    }
    var units = greatest.result().units();
    if (state.left() < units) {
      return new Decided(new Refused(quota.exceeded(state, 0)));
    }
    var key = greatest.mayBeCapped() ? greatest.cappedKey() : null;
    var cap = key == null ? null : caps.read(Set.of(key)).get(key);
    if (cap != null && cap.used() + units > cap.limit()) {
      return new Decided(new Refused(KeyCaps.reached(cap.limit())));
    }
    return new Held(
        holds.open(
            greatest.work(),
            units,
            period,
            cap == null ? null : Objects.requireNonNull(key).keyId(),
            lease));
  }

  /** Returns the month that a job counts for: that of its hold, if an earlier try has left one. */
  private Period periodOf(PendingCharge charge) {
    return holds
        .find(charge.account(), charge.result().jobId())
        .map(Hold::period)
        .orElseGet(quota::period);
  }

  /** Decides on a job that is held already: it is not computed twice while its server lives. */
  private HoldDecision again(PendingCharge greatest, Hold earlier, Duration lease) {
    var work = earlier.work();
    if (!Arrays.equals(work.fingerprint(), greatest.fingerprint())
        || work.version() != greatest.version()) {
      return new Decided(new Refused(ChargeDecisions.reused()));
    }
    return holds
        .takeOver(earlier, lease)
        .<HoldDecision>map(Held::new)
        .orElseGet(() -> new Decided(new Refused(underWay(earlier))));
  }

  private static Problem underWay(Hold hold) {
    var seconds = Math.max(1, hold.lease().toSeconds() + 1);
    return new Problem(
            ProblemCode.BUSY,
            "The job is being computed: ask again after the seconds in \"Retry-After\".")
        .with("Retry-After", String.valueOf(seconds));
  }

  /**
   * Stores the result and charges what the work has cost, at most what was held.
   *
   * @param done the job, with its result and the units that the engine reported
   */
  public ChargeDecision settle(Hold hold, PendingCharge done) {
    return settle(hold, done, results::decided);
  }

  /**
   * Settles a run that the caller, in the same transaction, has found not to be cancelled: a cancel
   * that comes now is too late.
   */
  public ChargeDecision settleRun(Hold hold, PendingCharge done) {
    return settle(hold, done, results::saved);
  }

  private ChargeDecision settle(
      Hold hold, PendingCharge done, Function<PendingCharge, Optional<ChargeDecision>> decisions) {
    var decision =
        Objects.requireNonNull(
            transaction.execute(status -> settleInTransaction(hold, done, decisions)));
    var reported = done.result().units();
    if (decision instanceof ChargeDecision.Saved && reported > hold.units()) {
      events.publishEvent(
          new ChargeEvent.ReportedAboveHold(
              done.holder().environment(),
              done.operation(),
              done.result().jobId(),
              hold.units(),
              reported));
    }
    return decision;
  }

  private ChargeDecision settleInTransaction(
      Hold hold, PendingCharge done, Function<PendingCharge, Optional<ChargeDecision>> decisions) {
    if (!lock(hold)) {
      return new Refused(ChargeDecisions.deleted());
    }
    var reported = done.result().units();
    var charged = done.with(done.result().result(), Math.min(reported, hold.units()));
    var decided = decisions.apply(done);
    var isOpen = holds.end(hold, decided.isPresent() ? 0 : charged.result().units());
    if (decided.isPresent()) {
      return decided.get();
    }
    if (!isOpen) {
      // The lease has ended: another server has the job now, or nobody yet.
      return new Refused(Problem.unavailable());
    }
    results.insert(List.of(charged));
    ledger.append(charged.entry(hold.period()), Ledger.Outcome.SUCCEEDED, hold.units(), reported);
    return new ChargeDecision.Saved(charged.result());
  }

  /**
   * Ends the hold of work that was cancelled and charges what it has cost until then, at most what
   * was held.
   *
   * @param stopped the job, with the units that the engine has reported
   */
  public void cancel(Hold hold, PendingCharge stopped) {
    transaction.executeWithoutResult(status -> cancelInTransaction(hold, stopped));
  }

  private void cancelInTransaction(Hold hold, PendingCharge stopped) {
    var reported = stopped.result().units();
    var charged = stopped.with("", Math.min(reported, hold.units()));
    if (lock(hold) && holds.end(hold, charged.result().units()) && reported > 0) {
      ledger.append(charged.entry(hold.period()), Ledger.Outcome.CANCELLED, hold.units(), reported);
    }
  }

  /** Ends the hold of work that failed: nothing is charged. */
  public void release(Hold hold) {
    change(hold, () -> holds.end(hold, 0));
  }

  /**
   * Ends the holds of work whose server was lost and that nobody has taken over. A hold that cannot
   * be ended now does not keep the others.
   */
  @Scheduled(fixedDelayString = "${behalf.holds.sweep-every:5s}")
  void endOverdue() {
    try {
      for (var hold : holds.overdue(A_ROUND)) {
        endOverdue(hold);
      }
    } catch (DataAccessException | TransactionException databaseAway) {
      // The next round follows; the readiness check shows that the database is away.
    }
  }

  private void endOverdue(Hold hold) {
    try {
      if (change(hold, () -> holds.endOverdue(hold))) {
        events.publishEvent(
            new ChargeEvent.HoldLapsed(
                hold.work().account().environment(), hold.work().operation(), hold.work().jobId()));
      }
    } catch (DataAccessException | TransactionException notNow) {
      // Such as a conflict with the deletion of the account, which ends the hold as well.
    }
  }

  private boolean change(Hold hold, BooleanSupplier end) {
    return Boolean.TRUE.equals(transaction.execute(status -> lock(hold) && end.getAsBoolean()));
  }

  /**
   * Takes the locks of a hold, in the caller's transaction.
   *
   * @return false if its user is gone, and so is the hold
   */
  public boolean lock(Hold hold) {
    var account = hold.work().account();
    if (quota.lockUsers(List.of(account.userId())).isEmpty()) {
      return false;
    }
    quota.lock(Set.of(account), hold.period());
    return true;
  }
}
