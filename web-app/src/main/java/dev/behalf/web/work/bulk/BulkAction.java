package dev.behalf.web.work.bulk;

import dev.behalf.contract.Environment;
import dev.behalf.contract.WireName;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One that was begun.
 *
 * @param matched how many there were at its beginning
 * @param before all jobs from here on are done: they go from the newest to the oldest
 * @param done to which it was done
 * @param skipped which had ended otherwise when their turn came
 * @param fault why it could not go on
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
    /** Each again as a new job. */
    RETRY("state:failed,refused,cancelled"),
    CANCEL("state:open");

    private final String only;

    Action(String only) {
      this.only = only;
    }

    /** The query, and that it can be done to them. */
    String within(String query) {
      return query.contains(only) ? query : (query + " " + only).strip();
    }

    static Optional<Action> of(String wire) {
      return WireName.find(Action.class, wire);
    }
  }
}
