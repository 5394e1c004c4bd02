package dev.behalf.contract;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The states of a job, the transitions between them, and the properties of each state. Every SQL
 * update names both the state it leaves and the state it enters.
 */
public enum JobState implements WireName {
  QUEUED(Kind.OPEN),
  DISPATCHED(Kind.OPEN),
  /** A run of a long operation is open. Only the end of the run ends the job. */
  RUNNING(Kind.OPEN),
  SUCCEEDED(Kind.SUCCESSFUL),
  FAILED(Kind.UNSUCCESSFUL),
  CANCELLED(Kind.UNSUCCESSFUL);

  private enum Kind {
    OPEN,
    SUCCESSFUL,
    UNSUCCESSFUL
  }

  /**
   * A queued job can end without having been dispatched: a worker can be faster than the commit
   * that sets "dispatched", and after a crash in between that commit never happens. The same goes
   * for "running".
   */
  private static final Map<JobState, Set<JobState>> MOVES =
      Map.of(
          QUEUED, EnumSet.of(DISPATCHED, RUNNING, SUCCEEDED, FAILED, CANCELLED),
          DISPATCHED, EnumSet.of(QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED),
          RUNNING, EnumSet.of(QUEUED, SUCCEEDED, FAILED, CANCELLED),
          SUCCEEDED, EnumSet.noneOf(JobState.class),
          FAILED, EnumSet.of(SUCCEEDED),
          CANCELLED, EnumSet.noneOf(JobState.class));

  private final Kind kind;

  JobState(Kind kind) {
    this.kind = kind;
  }

  public static JobState of(String wire) {
    return WireName.find(JobState.class, wire).orElseThrow();
  }

  public boolean mayBecome(JobState next) {
    return MOVES.getOrDefault(this, Set.of()).contains(next);
  }

  /** Returns whether the job is waiting or running. Such a job can be cancelled. */
  public boolean isOpen() {
    return kind == Kind.OPEN;
  }

  /** Returns whether the job has ended. Webhooks report the end. */
  public boolean isFinal() {
    return !isOpen();
  }

  /** Returns whether the job has ended without a result. Such a job can be retried. */
  public boolean isUnsuccessful() {
    return kind == Kind.UNSUCCESSFUL;
  }

  /** Returns the webhook event of a final state, such as {@code job.succeeded}. */
  public String event() {
    return "job." + wire();
  }

  /** Returns an SQL condition without its column, such as {@code in ('queued', 'dispatched')}. */
  public static String in(Predicate<JobState> which) {
    return Arrays.stream(values())
        .filter(which)
        .map(state -> "'" + state.wire() + "'")
        .collect(Collectors.joining(", ", "in (", ")"));
  }
}
