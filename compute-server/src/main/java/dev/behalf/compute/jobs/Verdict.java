package dev.behalf.compute.jobs;

import dev.behalf.server.problem.Problem;

/** What became of one claim of a batch. */
sealed interface Verdict {

  /** It is stored: now, or since an earlier call. */
  record Saved(SavedResult result) implements Verdict {}

  /** Nothing of it was stored or charged. */
  record Refused(Problem problem) implements Verdict {}
}
