package dev.behalf.web.work.jobs;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The states of a job and, in one table, the moves between them. Every update in SQL names both
 * ends.
 */
public enum JobState {
  QUEUED,
  DISPATCHED,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  /**
   * {@code QUEUED} to an end: a worker can be quicker than the commit that says "dispatched", and
   * after a crash in between that commit never comes.
   */
  private static final Map<JobState, Set<JobState>> MOVES =
      Map.of(
          QUEUED, EnumSet.of(DISPATCHED, SUCCEEDED, FAILED, CANCELLED),
          DISPATCHED, EnumSet.of(QUEUED, SUCCEEDED, FAILED, CANCELLED),
          SUCCEEDED, EnumSet.noneOf(JobState.class),
          FAILED, EnumSet.of(SUCCEEDED),
          CANCELLED, EnumSet.noneOf(JobState.class));

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The word in tables and answers. */
  @JsonValue
  public String wire() {
    return wire;
  }

  public static JobState of(String wire) {
    return Arrays.stream(values())
        .filter(state -> state.wire.equals(wire))
        .findFirst()
        .orElseThrow();
  }

  public boolean mayBecome(JobState next) {
    return MOVES.getOrDefault(this, Set.of()).contains(next);
  }

  /** There is nothing more to do for it. */
  public boolean isFinal() {
    return this != QUEUED && this != DISPATCHED;
  }
}
