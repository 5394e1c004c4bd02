package dev.behalf.web.work.jobs;

import dev.behalf.contract.JobState;
import dev.behalf.contract.WireName;

/**
 * A job's state as the API and the clients name it. A job that was sent to a worker is running for
 * everybody outside, whether or not a run of a long operation is open yet.
 */
public enum PublicState implements WireName {
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  public static PublicState of(JobState state) {
    return switch (state) {
      case QUEUED -> QUEUED;
      case DISPATCHED, RUNNING -> RUNNING;
      case SUCCEEDED -> SUCCEEDED;
      case FAILED -> FAILED;
      case CANCELLED -> CANCELLED;
    };
  }
}
