package dev.behalf.compute.runs;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.WireName;
import dev.behalf.server.problem.Problem;
import org.jspecify.annotations.Nullable;

/** How a run ended, as its row says. */
sealed interface RunEnd {

  /** The result and the charge are stored. */
  record Succeeded() implements RunEnd {}

  /**
   * The engine failed.
   *
   * @param isFinal whether another attempt would end as this one
   * @param retryAfter when to try again, in seconds; null if nobody said
   */
  record Failed(String code, String detail, boolean isFinal, @Nullable Integer retryAfter)
      implements RunEnd {

    static Failed of(Problem problem, boolean isFinal) {
      var wait = problem.headers().get("Retry-After");
      return new Failed(
          problem.code().wire(),
          String.valueOf(problem.getMessage()),
          isFinal,
          wait == null ? null : Integer.valueOf(wait));
    }

    Problem problem() {
      return new Problem(problemCode(), detail);
    }

    /** Returns whether the failure counts as an attempt of the job. */
    boolean isAttempt() {
      return !problemCode().isWait();
    }

    private ProblemCode problemCode() {
      // Another release may have stored a code that this one does not know.
      return WireName.find(ProblemCode.class, code).orElse(ProblemCode.INTERNAL);
    }
  }

  /** The owner has cancelled the job. */
  record Cancelled() implements RunEnd {}

  /** The replica was lost, or its lease. */
  record Lost() implements RunEnd {}

  /** The replica has given the job back: it stops, or the account of the owner is disabled. */
  record HandedBack() implements RunEnd {}
}
