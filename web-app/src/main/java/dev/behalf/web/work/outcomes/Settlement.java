package dev.behalf.web.work.outcomes;

import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Succeeded;
import dev.behalf.contract.JobState;
import dev.behalf.contract.ProblemCode;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an outcome does to a job: a decision without a database. */
record Settlement(Backoff backoff, int maxAttempts) {

  /** An engine that stumbles twice in a row over the same payload will do so for ever. */
  private static final int ENOUGH_FAULTS = 3;

  private static final Deferred NOT_SAVED =
      new Deferred(
          ProblemCode.INTERNAL.wire(),
          "A worker said that it was done, and no result is saved.",
          null);

  /**
   * The next state and what is to be written with it.
   *
   * @param pause before the next attempt, if there is one
   * @param isAttempt whether it counts as one
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

    static Move again(Deferred deferred, Duration pause, boolean isAttempt) {
      return new Move(
          JobState.QUEUED, null, null, deferred.code(), deferred.detail(), pause, isAttempt);
    }
  }

  /** What the ledger says that a job has cost, with which key. */
  record Charge(long units, String keyId) {}

  /**
   * Nothing, where the job has ended or the outcome is not of its current attempt.
   *
   * @param lastCode what the attempt before came to, if there was one
   * @param charge of the job, if there is one: a worker's word alone makes no success
   */
  Optional<Move> decide(
      JobState state,
      int attempt,
      @Nullable String lastCode,
      JobOutcome outcome,
      @Nullable Charge charge) {
    var move = move(outcome, lastCode, charge);
    return state.mayBecome(move.to()) && isCurrent(state, attempt, outcome, move)
        ? Optional.of(move)
        : Optional.empty();
  }

  /**
   * A success always counts: its result is saved and charged, whichever attempt it was. Any other
   * verdict counts only for the attempt that is out, also where the commit that says so never came.
   */
  private static boolean isCurrent(JobState state, int attempt, JobOutcome outcome, Move move) {
    return move.to() == JobState.SUCCEEDED
        || outcome.attempt() == (state == JobState.QUEUED ? attempt + 1 : attempt);
  }

  private Move move(JobOutcome outcome, @Nullable String lastCode, @Nullable Charge charge) {
    return switch (outcome.verdict()) {
      case Succeeded said ->
          charge == null
              ? move(outcome.attempt(), lastCode, NOT_SAVED)
              : new Move(
                  JobState.SUCCEEDED,
                  charge.units(),
                  charge.keyId(),
                  null,
                  null,
                  Duration.ZERO,
                  true);
      case Failed failed -> Move.end(JobState.FAILED, failed.code(), failed.detail());
      case Deferred deferred -> move(outcome.attempt(), lastCode, deferred);
    };
  }

  private Move move(int attempt, @Nullable String lastCode, Deferred deferred) {
    if (deferred.code().equals(ProblemCode.BUSY.wire())) {
      // It was not tried: others were computed. It waits for a place like those behind it.
      return Move.again(deferred, backoff.after(1, deferred.retryAfterSeconds()), false);
    }
    if (deferred.code().equals(ProblemCode.ENGINE_FAILED.wire())
        && deferred.code().equals(lastCode)
        && attempt >= ENOUGH_FAULTS) {
      return Move.end(JobState.FAILED, deferred.code(), deferred.detail());
    }
    return attempt >= maxAttempts
        ? Move.end(
            JobState.FAILED,
            ProblemCode.ATTEMPTS_EXHAUSTED.wire(),
            "Run it again later. The last of "
                + maxAttempts
                + " attempts said: "
                + deferred.detail())
        : Move.again(deferred, backoff.after(attempt, deferred.retryAfterSeconds()), true);
  }
}
