package dev.behalf.compute.runs;

import dev.behalf.compute.charges.ChargeDecision;
import dev.behalf.compute.charges.HeldCharges;
import dev.behalf.compute.charges.HoldDecision;
import dev.behalf.compute.charges.PendingCharge;
import dev.behalf.compute.charges.Results;
import dev.behalf.compute.engines.Task;
import dev.behalf.compute.engines.Work;
import dev.behalf.compute.quota.Holds;
import dev.behalf.compute.replicas.Replica;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Starts runs. A job that has an open run is not started again while its replica lives. */
@Component
public class Runs {

  /** The hold of a run ends with the run, whenever that is. */
  private static final Duration LIKE_ITS_RUN = Duration.ofDays(36_500);

  private final RunRows rows;
  private final RunEnds ends;
  private final OpenRuns open;
  private final Replica replica;
  private final HeldCharges charges;
  private final Results results;
  private final Places places;
  private final TransactionTemplate transaction;

  Runs(
      RunRows rows,
      RunEnds ends,
      OpenRuns open,
      Replica replica,
      HeldCharges charges,
      Results results,
      Places places,
      TransactionTemplate transaction) {
    this.rows = rows;
    this.ends = ends;
    this.open = open;
    this.replica = replica;
    this.charges = charges;
    this.results = results;
    this.places = places;
    this.transaction = transaction;
  }

  /** The answer to a worker that brings a job of a long operation. */
  public sealed interface Answer {

    /** A run of the job is open, by this call or an earlier one. */
    record Started() implements Answer {}

    /** The job has ended, or cannot be started. */
    record Decided(ChargeDecision decision) implements Answer {}
  }

  private sealed interface Start {

    record Taken(Run run, Holds.Hold hold) implements Start {}

    record Attached() implements Start {}

    record Decided(ChargeDecision decision) implements Start {}
  }

  /**
   * Starts a run of a job, or finds the one that is open.
   *
   * @param greatest the job, with its greatest cost as its units
   * @throws Problem {@code busy} or {@code engine_unavailable} if it cannot be started now
   */
  public Answer start(PendingCharge greatest, Task task, Work work) {
    var known = known(greatest, work);
    if (known.isPresent()) {
      return known.get();
    }
    var place = places.take(task, work);
    var hasBegun = false;
    try {
      open.starting(work.jobId());
      var start = Objects.requireNonNull(transaction.execute(status -> take(greatest, work)));
      return switch (start) {
        case Start.Taken taken -> {
          open.begin(
              new OpenRun.Begun(taken.run(), work.attempt(), taken.hold(), greatest, task, place));
          hasBegun = true;
          yield new Answer.Started();
        }
        case Start.Attached attached -> new Answer.Started();
        case Start.Decided decided -> new Answer.Decided(decided.decision());
      };
    } finally {
      open.started(work.jobId());
      if (!hasBegun) {
        place.close();
      }
    }
  }

  /** Returns the answer to a job that needs no run of this replica. */
  private Optional<Answer> known(PendingCharge greatest, Work work) {
    var latest = rows.find(greatest.account(), work.jobId()).orElse(null);
    if (latest != null && !isSame(latest.run().work(), greatest.work())) {
      return Optional.of(new Answer.Decided(new ChargeDecision.Refused(reused())));
    }
    if (latest != null && latest.isUnderWay()) {
      return Optional.of(new Answer.Started());
    }
    if (latest != null && latest.failure() != null && isTheEnd(latest, work)) {
      return Optional.of(
          new Answer.Decided(new ChargeDecision.Refused(latest.failure().problem())));
    }
    return results.decided(greatest).map(Answer.Decided::new);
  }

  /** Returns whether a failed run answers this attempt: it was made by it, or there is no other. */
  private static boolean isTheEnd(RunRows.Latest latest, Work work) {
    var failure = Objects.requireNonNull(latest.failure());
    return failure.isFinal() || (failure.isAttempt() && latest.attempt() >= work.attempt());
  }

  private static boolean isSame(Holds.Work one, Holds.Work other) {
    return one.version() == other.version()
        && Arrays.equals(one.fingerprint(), other.fingerprint());
  }

  private static Problem reused() {
    return new Problem(
        ProblemCode.JOB_ID_REUSED, "This id already belongs to another input: use a new id.");
  }

  private Start take(PendingCharge greatest, Work work) {
    var account = greatest.account();
    var lost = rows.find(account, work.jobId()).filter(RunRows.Latest::isLost);
    if (lost.isPresent()
        && ends.endLost(lost.get().run()).orElse(null) instanceof RunEnd.Failed tooOften) {
      return new Start.Decided(new ChargeDecision.Refused(tooOften.problem()));
    }
    return switch (charges.hold(greatest, LIKE_ITS_RUN)) {
      case HoldDecision.Held held -> {
        requireDue(rows.due(account, work.jobId()));
        var earlier = rows.lock(account, work.jobId());
        int before = earlier.map(latest -> latest.run().lost()).orElse(0);
        yield new Start.Taken(
            rows.open(greatest.work(), replica.id(), work.attempt(), before), held.hold());
      }
      case HoldDecision.Decided decided ->
          rows.find(account, work.jobId()).filter(RunRows.Latest::isUnderWay).isPresent()
              ? new Start.Attached()
              : new Start.Decided(decided.decision());
    };
  }

  private static void requireDue(RunRows.Due due) {
    switch (due) {
      case NOW -> {}
      // A message was delivered again after its job was put off.
      case LATER -> throw new Problem(ProblemCode.BUSY, "The job is not due yet.");
      case NEVER ->
          throw new Problem(
              ProblemCode.SUBMIT_AS_JOB,
              "There is no such job to run: POST /api/v1/jobs of web-app.");
    }
  }
}
