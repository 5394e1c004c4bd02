package dev.behalf.web.work.bulk;

import dev.behalf.contract.Environment;
import dev.behalf.contract.WireName;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bulk action and its progress.
 *
 * @param matched number of jobs that matched at the start, at most 100,000
 * @param before id below which jobs are still to be processed, the newest first
 * @param done number of jobs retried or cancelled
 * @param skipped number of jobs that could no longer be retried or cancelled
 * @param fault why the action stopped early, if it did
 */
record BulkAction(
    UUID userId,
    UUID id,
    Environment environment,
    Action action,
    String query,
    int matched,
    UUID before,
    int done,
    int skipped,
    boolean isFinished,
    @Nullable String fault) {

  enum Action implements WireName {
    /** Retries each job as a new job. */
    RETRY("state:failed,refused,cancelled"),
    CANCEL("state:open");

    private final String only;

    Action(String only) {
      this.only = only;
    }

    /** Returns the query, narrowed to the jobs that this action applies to. */
    String within(String query) {
      return query.contains(only) ? query : (query + " " + only).strip();
    }

    static Optional<Action> of(String wire) {
      return WireName.find(Action.class, wire);
    }
  }
}
