package dev.behalf.web.work.outcomes;

import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Succeeded;
import dev.behalf.contract.JobState;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.WireName;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what an outcome does to a job, without a database. */
record Settlement(Backoff backoff) {

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
   * @param isAttempt whether the outcome counts as an attempt
   */
  record Move(
      JobState to,
      @Nullable Long units,
      @Nullable String keyId,
      @Nullable String code,
      @Nullable String detail,
      Duration pause,
      boolean isAttempt) {

    static Move end(JobState to, String code, String detail) {
      return new Move(to, null, null, code, detail, Duration.ZERO, true);
    }

    static Move retry(Deferred deferred, Duration pause, boolean isAttempt) {
      return new Move(
          JobState.QUEUED, null, null, deferred.code(), deferred.detail(), pause, isAttempt);
    }
  }

  /** The units and the key of a job's ledger entry. */
  record Charge(long units, String keyId) {}

  /**
   * Returns the move that an outcome causes, or empty if the job's state does not allow it or the
   * outcome is of another attempt.
   *
   * @param lastCode problem of the previous attempt, if any
   * @param rules what the operation of the job allows
   * @param charge charge of the job, if any; a worker's report alone is not a success
   */
  Optional<Move> decide(
      JobState state,
      int attempt,
      @Nullable String lastCode,
      JobOutcome outcome,
      Rules rules,
      @Nullable Charge charge) {
    var move = move(outcome, lastCode, rules, charge);
    return state.mayBecome(move.to()) && isCurrent(state, attempt, outcome, move)
        ? Optional.of(move)
        : Optional.empty();
  }

  /**
   * Returns whether an outcome counts. A success always does, because its result is saved and
   * charged, whichever attempt it was. Any other verdict counts only for the attempt in flight,
   * which is the next one if the commit that marks the job dispatched is missing.
   */
  private static boolean isCurrent(JobState state, int attempt, JobOutcome outcome, Move move) {
    return move.to() == JobState.SUCCEEDED
        || outcome.attempt() == (state == JobState.QUEUED ? attempt + 1 : attempt);
  }

  private Move move(
      JobOutcome outcome, @Nullable String lastCode, Rules rules, @Nullable Charge charge) {
    return switch (outcome.verdict()) {
      case Succeeded said ->
          charge == null
              ? move(outcome.attempt(), lastCode, rules, NOT_SAVED)
              : new Move(
                  JobState.SUCCEEDED,
                  charge.units(),
                  charge.keyId(),
                  null,
                  null,
                  Duration.ZERO,
                  true);
      case Failed failed -> Move.end(JobState.FAILED, failed.code(), failed.detail());
      case Deferred deferred -> move(outcome.attempt(), lastCode, rules, deferred);
    };
  }

  private static boolean isWait(String code) {
    return WireName.find(ProblemCode.class, code).filter(ProblemCode::isWait).isPresent();
  }

  private Move move(int attempt, @Nullable String lastCode, Rules rules, Deferred deferred) {
    if (isWait(deferred.code())) {
      return rules.mayWait() != null && !rules.mayWait().isPositive()
          ? Move.end(JobState.FAILED, deferred.code(), WAITED)
          : Move.retry(deferred, backoff.after(1, deferred.retryAfterSeconds()), false);
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
        : Move.retry(deferred, backoff.after(attempt, deferred.retryAfterSeconds()), true);
  }
}
