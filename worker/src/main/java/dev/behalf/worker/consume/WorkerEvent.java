package dev.behalf.worker.consume;

import dev.behalf.contract.JobOutcome;
import java.time.Duration;

/** What a worker did, for figures and logs. */
public sealed interface WorkerEvent {

  /** An attempt ended and its outcome is safe at the broker. */
  record Finished(JobOutcome outcome, Duration took) implements WorkerEvent {}

  /** A message was no job of ours. */
  record Rejected(String reason) implements WorkerEvent {}

  /** What was to be said could not be said: the message goes back and is delivered again. */
  record Requeued(String reason) implements WorkerEvent {}

  /** The broker, or the queue, is not there: jobs are taken again when it is back. */
  record SubscriptionLost(String queue, String reason) implements WorkerEvent {}
}
