package dev.behalf.web.work.outcomes;

import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Started;
import dev.behalf.contract.JobOutcome.Succeeded;
import dev.behalf.contract.JobState;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.WireName;
import dev.behalf.web.work.jobs.JobsSettings;
import dev.behalf.web.work.outcomes.JobRows.Row;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Decides what an outcome or the end of a run does to a job, without a database. */
@Component
final class Settlement {

  /**
   * Attempt from which an engine failure right after another one ends the job: such an engine would
   * fail on this payload every time.
   */
  private static final int ENOUGH_FAULTS = 3;

  private static final Deferred NOT_SAVED =
      new Deferred(
          ProblemCode.INTERNAL.wire(),
          "A worker said that it was done, and no result is saved.",
          null);

  /** What a job says that ended because it could not start in time. */
  static final String WAITED =
      "Retry the job later: it has waited for its engine as long as it may.";

  private final Backoff backoff;

  @Autowired
  Settlement(JobsSettings settings) {
    this(new Backoff(settings.firstRetry(), settings.slowestRetry(), new SplittableRandom()));
  }

  Settlement(Backoff backoff) {
    this.backoff = backoff;
  }

  /**
   * What the operation of a job allows.
   *
   * @param maxAttempts the number of attempts after which the job fails
   * @param endsAtRepeatedFault whether an engine that has failed twice in a row is taken to fail
   *     always: a built-in engine, which computes the same each time
   * @param mayWait how much longer the job may wait for its engine; null for as long as it takes
   */
  record Rules(int maxAttempts, boolean endsAtRepeatedFault, @Nullable Duration mayWait) {}

  /**
   * The next state of a job, and the values to write with it.
   *
   * @param pause pause before the next attempt; zero if the job ends
   */
  record Move(
      JobState to,
      @Nullable Long units,
      @Nullable String keyId,
      @Nullable String code,
      @Nullable String detail,
      Duration pause,
      Kind kind) {

    /** What a move is to the count of attempts. */
    enum Kind {
      ATTEMPT,
      /** The job waits for its engine, which is no attempt. */
      WAIT,
      /** The job goes on elsewhere, which is no attempt. */
      AGAIN
    }

    static Move charged(JobState to, Charge charge) {
      return new Move(to, charge.units(), charge.keyId(), null, null, Duration.ZERO, Kind.ATTEMPT);
    }

    static Move to(JobState to) {
      return new Move(to, null, null, null, null, Duration.ZERO, Kind.ATTEMPT);
    }

    static Move end(JobState to, String code, String detail) {
      return new Move(to, null, null, code, detail, Duration.ZERO, Kind.ATTEMPT);
    }

    static Move retry(Deferred deferred, Duration pause, Kind kind) {
      return new Move(JobState.QUEUED, null, null, deferred.code(), deferred.detail(), pause, kind);
    }
  }

  /**
   * A job's ledger entry.
   *
   * @param isOfSuccess whether the job has succeeded, rather than been cancelled
   */
  record Charge(long units, String keyId, boolean isOfSuccess) {}

  /**
   * Returns the move that a worker's outcome causes, or empty if the job's state does not allow it,
   * the outcome is of another attempt, or a run decides how the job goes on.
   */
  Optional<Move> decide(Row row, JobOutcome outcome, Rules rules) {
    if (row.run() != null || outcome.verdict() instanceof Started) {
      return isStarted(row, outcome) ? Optional.of(Move.to(JobState.RUNNING)) : Optional.empty();
    }
    var move = move(outcome, row, rules);
    return row.state().mayBecome(move.to())
            && row.state() != JobState.RUNNING
            && isCurrent(row, outcome, move)
        ? Optional.of(move)
        : Optional.empty();
  }

  /** Returns whether a worker has started a run that is still open. */
  private static boolean isStarted(Row row, JobOutcome outcome) {
    return outcome.verdict() instanceof Started
        && row.run() != null
        && row.run().isOpen()
        && row.state().mayBecome(JobState.RUNNING);
  }

  /**
   * Returns whether an outcome counts. A success always does, because its result is saved and
   * charged, whichever attempt it was. Any other verdict counts only for the attempt in flight,
   * which is the next one if the commit that marks the job dispatched is missing.
   */
  private static boolean isCurrent(Row row, JobOutcome outcome, Move move) {
    return move.to() == JobState.SUCCEEDED
        || outcome.attempt()
            == (row.state() == JobState.QUEUED ? row.attempt() + 1 : row.attempt());
  }

  private Move move(JobOutcome outcome, Row row, Rules rules) {
    return switch (outcome.verdict()) {
      case Started started -> Move.to(JobState.RUNNING);
      case Succeeded said -> succeeded(outcome.attempt(), row, rules);
      case Failed failed -> Move.end(JobState.FAILED, failed.code(), failed.detail());
      case Deferred deferred -> move(outcome.attempt(), row.code(), rules, deferred);
    };
  }

  /** Believes the ledger, never a word alone. */
  private Move succeeded(int attempt, Row row, Rules rules) {
    var charge = row.charge();
    return charge != null && charge.isOfSuccess()
        ? Move.charged(JobState.SUCCEEDED, charge)
        : move(attempt, row.code(), rules, NOT_SAVED);
  }

  /** Returns the move that the end of a run causes, or empty if the job has ended. */
  Optional<Move> decide(Row row, RunRow run, Rules rules) {
    return Optional.ofNullable(move(row, run, rules)).filter(move -> row.state().isOpen());
  }

  private @Nullable Move move(Row row, RunRow run, Rules rules) {
    return switch (run.end()) {
      case null -> null;
      case RunRow.End.Succeeded succeeded -> succeeded(run.attempt(), row, rules);
      case RunRow.End.Cancelled cancelled ->
          row.charge() == null
              ? Move.to(JobState.CANCELLED)
              : Move.charged(JobState.CANCELLED, row.charge());
      case RunRow.End.Failed failed ->
          failed.isFinal()
              ? Move.end(JobState.FAILED, failed.code(), failed.detail())
              : move(
                  run.attempt(),
                  row.code(),
                  rules,
                  new Deferred(failed.code(), failed.detail(), failed.retryAfterSeconds()));
      case RunRow.End.Lost lost ->
          again(ProblemCode.RUN_LOST, "The server that ran the job was lost: it starts anew.");
      case RunRow.End.HandedBack handedBack ->
          again(
              ProblemCode.UNAVAILABLE, "The server that ran the job was stopped: it starts anew.");
    };
  }

  private static Move again(ProblemCode code, String detail) {
    return Move.retry(new Deferred(code.wire(), detail, null), Duration.ZERO, Move.Kind.AGAIN);
  }

  private static boolean isWait(String code) {
    return WireName.find(ProblemCode.class, code).filter(ProblemCode::isWait).isPresent();
  }

  private Move move(int attempt, @Nullable String lastCode, Rules rules, Deferred deferred) {
    if (isWait(deferred.code())) {
      return rules.mayWait() != null && !rules.mayWait().isPositive()
          ? Move.end(JobState.FAILED, deferred.code(), WAITED)
          : Move.retry(deferred, backoff.after(1, deferred.retryAfterSeconds()), Move.Kind.WAIT);
    }
    if (rules.endsAtRepeatedFault()
        && deferred.code().equals(ProblemCode.ENGINE_FAILED.wire())
        && deferred.code().equals(lastCode)
        && attempt >= ENOUGH_FAULTS) {
      return Move.end(JobState.FAILED, deferred.code(), deferred.detail());
    }
    return attempt >= rules.maxAttempts()
        ? Move.end(
            JobState.FAILED,
            ProblemCode.ATTEMPTS_EXHAUSTED.wire(),
            "Retry the job later. The last of "
                + rules.maxAttempts()
                + " attempts failed with: "
                + deferred.detail())
        : Move.retry(
            deferred, backoff.after(attempt, deferred.retryAfterSeconds()), Move.Kind.ATTEMPT);
  }
}
