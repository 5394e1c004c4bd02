package dev.behalf.web.work.jobs;

import dev.behalf.contract.JobState;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.WireName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job's state as pages, exports and the job query name it. Two states are shown as two each:
 * queued by attempt, and failed by whether the quota was the reason. Dispatched and running are
 * shown as one. Every constant needs a label under {@code chip}, {@code jobs.state} and {@code
 * job.state} in the message bundles, and a chip in behalf.css.
 */
public enum ShownState implements WireName {
  QUEUED(JobState.QUEUED, "j.attempt = 0"),
  RETRYING(JobState.QUEUED, "j.attempt > 0"),
  RUNNING(JobState.RUNNING, "true"),
  SUCCEEDED(JobState.SUCCEEDED, "true"),
  FAILED(JobState.FAILED, "j.code is distinct from '" + ProblemCode.QUOTA_EXCEEDED.wire() + "'"),
  REFUSED(JobState.FAILED, "j.code = '" + ProblemCode.QUOTA_EXCEEDED.wire() + "'"),
  CANCELLED(JobState.CANCELLED, "true");

  private final JobState state;
  private final String sql;

  ShownState(JobState state, String condition) {
    this.state = state;
    this.sql = "(j.state " + JobState.in(this::isOf) + " and " + condition + ")";
  }

  private boolean isOf(JobState other) {
    return other == state || (other == JobState.DISPATCHED && state == JobState.RUNNING);
  }

  static ShownState of(JobState state, int attempt, @Nullable String code) {
    return switch (state) {
      case QUEUED -> attempt == 0 ? QUEUED : RETRYING;
      case DISPATCHED, RUNNING -> RUNNING;
      case SUCCEEDED -> SUCCEEDED;
      case FAILED -> ProblemCode.QUOTA_EXCEEDED.wire().equals(code) ? REFUSED : FAILED;
      case CANCELLED -> CANCELLED;
    };
  }

  static Optional<ShownState> of(String wire) {
    return WireName.find(ShownState.class, wire);
  }

  /** Returns every shown state of a job state. */
  public static List<ShownState> of(JobState state) {
    return Arrays.stream(values()).filter(shown -> shown.isOf(state)).toList();
  }

  public boolean isOpen() {
    return state.isOpen();
  }

  public boolean isUnsuccessful() {
    return state.isUnsuccessful();
  }

  /** Returns the condition on {@code jobs.jobs j} for this state. */
  String sql() {
    return sql;
  }
}
