package dev.behalf.web.work.outcomes;

import dev.behalf.server.sql.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run of a job, as compute-server has stored it.
 *
 * @param epoch how often the job was taken
 * @param attempt the attempt of the job
 * @param end how it ended; null while it is open
 */
record RunRow(
    int epoch, int attempt, Instant startedAt, @Nullable Instant endedAt, @Nullable End end) {

  /** How a run ended. */
  sealed interface End {

    /** The result and the charge are stored. */
    record Succeeded() implements End {}

    /**
     * The engine failed.
     *
     * @param isFinal whether another attempt would end as this one
     * @param retryAfterSeconds the pause that the engine asked for; null if none
     */
    record Failed(String code, String detail, boolean isFinal, @Nullable Integer retryAfterSeconds)
        implements End {}

    record Cancelled() implements End {}

    /** The server that ran the job was lost. */
    record Lost() implements End {}

    /** The server that ran the job has given it back, because it stops. */
    record HandedBack() implements End {}
  }

  boolean isOpen() {
    return end == null;
  }

  /** Returns the run of a joined row, if there is one. */
  static @Nullable RunRow of(ResultSet row) throws SQLException {
    var state = row.getString("run_state");
    return state == null
        ? null
        : new RunRow(
            row.getInt("epoch"),
            row.getInt("run_attempt"),
            Timestamps.instant(row, "started_at"),
            Timestamps.instantOrNull(row, "ended_at"),
            end(state, row));
  }

  private static @Nullable End end(String state, ResultSet row) throws SQLException {
    return switch (state) {
      case "open" -> null;
      case "succeeded" -> new End.Succeeded();
      case "cancelled" -> new End.Cancelled();
      case "handed_back" -> new End.HandedBack();
      case "failed" ->
          new End.Failed(
              row.getString("run_code"),
              row.getString("run_detail"),
              row.getBoolean("is_final"),
              row.getObject("retry_after", Integer.class));
      default -> new End.Lost();
    };
  }
}
