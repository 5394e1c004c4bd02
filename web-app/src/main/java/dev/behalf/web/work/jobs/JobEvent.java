package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event in the life of jobs, for metrics and logs. */
public sealed interface JobEvent {

  record Submitted(UUID userId, UUID jobId, Environment environment, String operation)
      implements JobEvent {}

  /** Several jobs of one file were submitted. */
  record BatchSubmitted(Environment environment, int count) implements JobEvent {}

  record Dispatched(Environment environment, int sent, int refused) implements JobEvent {}

  /** A round of the dispatcher failed. */
  record DispatchFailed(String reason) implements JobEvent {}

  /** A batch of outcomes could not be stored; the broker delivers the messages again. */
  record SettleFailed(String reason) implements JobEvent {}

  /** One batch of outcomes was stored; its events are in the order of the batch. */
  record BatchSettled(List<JobEvent> events) implements JobEvent {}

  /**
   * A job has ended or was queued again.
   *
   * @param waited time from submission, or from a later due time, until a worker received the job
   * @param ran time from then until compute-server's answer
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

  /**
   * A run of a job has begun.
   *
   * @param waited time from submission, or from a later due time, until a worker received the job
   */
  record Started(UUID userId, UUID jobId, Environment environment, @Nullable Duration waited)
      implements JobEvent {}

  /** The owner of a job asks to cancel it while a run of it is open. */
  record CancelAsked(UUID userId, UUID jobId) implements JobEvent {}

  /** A job was cancelled by its owner. */
  record Cancelled(UUID userId, UUID jobId) implements JobEvent {}

  /** An outcome arrived for a job that has ended, no longer exists or is in another attempt. */
  record OutcomeIgnored(UUID userId, UUID jobId) implements JobEvent {}

  /** A worker reported success, but no result is saved; the job gets another attempt. */
  record SuccessNotSaved(UUID userId, UUID jobId) implements JobEvent {}

  /** A message on the outcome queue, or an outcome in it, was invalid. */
  record OutcomeRejected(String reason) implements JobEvent {}

  /** Ended jobs were deleted, because they are older than they are kept. */
  record Deleted(Environment environment, int count) implements JobEvent {}

  /** Dispatched jobs whose lease ended without an outcome were queued again. */
  record LeasesEnded(int count) implements JobEvent {}
}
