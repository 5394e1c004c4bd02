package dev.behalf.worker.consume;

import dev.behalf.contract.JobOutcome;
import java.time.Duration;

/** An event of the worker, for metrics and logs. */
public sealed interface WorkerEvent {

  /** An attempt ended, and the broker has confirmed its outcome. */
  record Finished(JobOutcome outcome, Duration took) implements WorkerEvent {}

  /** A message was not a job for this worker. */
  record Rejected(String reason) implements WorkerEvent {}

  /**
   * A message could not be handled, usually because the broker did not confirm its outcome. The
   * message is requeued and delivered again.
   */
  record Requeued(String reason) implements WorkerEvent {}

  /** The broker or the queue is unavailable; the worker accepts jobs again when it is back. */
  record SubscriptionLost(String queue, String reason) implements WorkerEvent {}
}
