package dev.behalf.web.work.outcomes;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import dev.behalf.web.work.outcomes.JobRows.Ref;
import dev.behalf.web.work.outcomes.JobRows.Row;
import dev.behalf.web.work.outcomes.Settlement.Charge;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Job rows for tests without a database. */
final class SomeRow {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  private SomeRow() {}

  static Row of(
      JobState state,
      int attempt,
      @Nullable String lastCode,
      @Nullable Charge charge,
      @Nullable RunRow run) {
    return new Row(
        new Ref(UUID.randomUUID(), UUID.randomUUID()),
        Environment.LIVE,
        state,
        attempt,
        lastCode,
        NOW,
        null,
        "echo",
        1,
        charge,
        run);
  }

  /** Returns a run of the first attempt; with no end, it is open. */
  static RunRow run(RunRow.@Nullable End end) {
    return new RunRow(1, 1, NOW, end == null ? null : NOW.plusSeconds(60), end);
  }
}
