package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to jobs, for figures and logs. */
public sealed interface JobEvent {

  record Submitted(UUID userId, UUID jobId, Environment environment, String operation)
      implements JobEvent {}

  /** Many at once, of a file. */
  record BatchSubmitted(Environment environment, int count) implements JobEvent {}

  record Dispatched(Environment environment, int sent, int refused) implements JobEvent {}

  /** The dispatcher could do nothing in this round. */
  record DispatchFailed(String reason) implements JobEvent {}

  /** A batch of outcomes could not be stored; it comes again. */
  record SettleFailed(String reason) implements JobEvent {}

  /** What one batch of outcomes has done, in the order of the batch. */
  record BatchSettled(List<JobEvent> events) implements JobEvent {}

  /**
   * A job has come to an end, or back into the queue.
   *
   * @param waited from the click, or the time it was put off to, until a worker took it
   * @param ran from there until compute-server's answer
   */
  record Settled(
      UUID userId,
      UUID jobId,
      Environment environment,
      JobState state,
      @Nullable String code,
      @Nullable String keyId,
      @Nullable Duration waited,
      @Nullable Duration ran)
      implements JobEvent {}

  /** Its owner has cancelled it. */
  record Cancelled(UUID userId, UUID jobId) implements JobEvent {}

  /** An outcome came for a job that has ended, is gone, or was given to another attempt. */
  record OutcomeIgnored(UUID userId, UUID jobId) implements JobEvent {}

  /** A worker said that a job was done of which no result is saved; it is tried again. */
  record SuccessNotSaved(UUID userId, UUID jobId) implements JobEvent {}

  /** A message on the outcome queue was none. */
  record OutcomeRejected(String reason) implements JobEvent {}

  /** Dispatched jobs of which nothing was heard in time are queued again. */
  record LeasesEnded(int count) implements JobEvent {}
}
