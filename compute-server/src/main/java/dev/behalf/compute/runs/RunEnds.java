package dev.behalf.compute.runs;

import dev.behalf.compute.charges.ChargeDecision;
import dev.behalf.compute.charges.HeldCharges;
import dev.behalf.compute.charges.PendingCharge;
import dev.behalf.compute.charges.Results;
import dev.behalf.compute.engines.Computations.Computation;
import dev.behalf.compute.quota.Holds;
import dev.behalf.compute.quota.Holds.Hold;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.server.problem.Problem;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends runs: the hold, the result, the charge and the row of a run end in one transaction, in which
 * web-app is told. Whatever a run brings that has ended already is discarded.
 */
@Component
class RunEnds {

  /** Channel of the notifications for web-app: user and job. */
  private static final String ENDED = "behalf_runs_ended";

  /** So many replicas in a row may be lost with a job. */
  private static final int LOST_ENOUGH = 3;

  private final RunRows rows;
  private final HeldCharges charges;
  private final Holds holds;
  private final Results results;
  private final Notifications notifications;
  private final TransactionTemplate transaction;

  RunEnds(
      RunRows rows,
      HeldCharges charges,
      Holds holds,
      Results results,
      Notifications notifications,
      TransactionTemplate transaction) {
    this.rows = rows;
    this.charges = charges;
    this.holds = holds;
    this.results = results;
    this.notifications = notifications;
    this.transaction = transaction;
  }

  /** The outcome of a run in this replica. */
  sealed interface Outcome {

    record Computed(Computation computation) implements Outcome {}

    record Failed(Problem problem) implements Outcome {}

    record HandedBack() implements Outcome {}
  }

  /**
   * Ends a run.
   *
   * @param greatest the job, with its greatest cost as its units
   * @param reported the units that the engine has reported so far, of which a cancelled job is
   *     charged
   * @return how the run ended; empty if it was not open any more
   */
  Optional<RunEnd> end(Run run, Hold hold, PendingCharge greatest, long reported, Outcome outcome) {
    return Objects.requireNonNull(
        transaction.execute(
            status ->
                charges.lock(hold) && rows.lockOpen(run)
                    ? Optional.of(write(run, endNow(hold, greatest, reported, outcome)))
                    : Optional.<RunEnd>empty()));
  }

  private RunEnd endNow(Hold hold, PendingCharge greatest, long reported, Outcome outcome) {
    if (results.isCancelled(greatest.account(), greatest.result().jobId())) {
      charges.cancel(hold, greatest.with("", reported));
      return new RunEnd.Cancelled();
    }
    return switch (outcome) {
      case Outcome.Computed computed -> {
        var computation = computed.computation();
        yield switch (charges.settleRun(
            hold, greatest.with(computation.json(), computation.units()))) {
          case ChargeDecision.Saved saved -> new RunEnd.Succeeded();
          case ChargeDecision.Refused refused -> RunEnd.Failed.of(refused.problem(), true);
        };
      }
      case Outcome.Failed failed -> {
        charges.release(hold);
        yield RunEnd.Failed.of(failed.problem(), failed.problem().code().status() / 100 == 4);
      }
      case Outcome.HandedBack handedBack -> {
        charges.release(hold);
        yield new RunEnd.HandedBack();
      }
    };
  }

  private static RunEnd lost(Run run) {
    return run.lost() + 1 < LOST_ENOUGH
        ? new RunEnd.Lost()
        : new RunEnd.Failed(
            ProblemCode.RUN_LOST.wire(),
            "Three servers in a row were lost while they ran the job: tell the operator.",
            true,
            null);
  }

  /** Ends a run whose replica was lost, unless it has ended or its replica lives after all. */
  Optional<RunEnd> endLost(Run run) {
    return endAlone(run, rows::lockLost, lost(run));
  }

  /**
   * Ends a run of this replica that nothing works on here: the answer to its opening was lost, or
   * its thread has died.
   */
  Optional<RunEnd> endOrphan(Run run) {
    return endAlone(run, rows::lockOpen, lost(run));
  }

  private Optional<RunEnd> endAlone(Run run, Predicate<Run> lock, RunEnd end) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              var work = run.work();
              var hold = holds.find(work.account(), work.jobId());
              if (hold.isEmpty() || !charges.lock(hold.get()) || !lock.test(run)) {
                return Optional.<RunEnd>empty();
              }
              charges.release(hold.get());
              var isCancelled = results.isCancelled(work.account(), work.jobId());
              return Optional.of(write(run, isCancelled ? new RunEnd.Cancelled() : end));
            }));
  }

  private RunEnd write(Run run, RunEnd end) {
    rows.end(run, end);
    var work = run.work();
    notifications.send(ENDED, work.account().userId() + " " + work.jobId());
    return end;
  }
}
