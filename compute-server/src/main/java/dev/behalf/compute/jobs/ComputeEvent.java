package dev.behalf.compute.jobs;

import dev.behalf.contract.Environment;
import java.time.Duration;
import java.util.UUID;

/** The outcome of a compute request, for meters and logs. */
public sealed interface ComputeEvent {

  record Computed(Environment environment, String operation, long units, Duration took)
      implements ComputeEvent {}

  record Replayed(Environment environment, String operation) implements ComputeEvent {}

  /** The engine failed, and would fail again with the same payload. */
  record EngineFailed(Environment environment, String operation, UUID jobId, RuntimeException fault)
      implements ComputeEvent {}

  record Refused(Environment environment, String code) implements ComputeEvent {}

  /** A server was lost with work for which units were held; they are held no longer. */
  record HoldLapsed(Environment environment, String operation, UUID jobId)
      implements ComputeEvent {}

  /** An engine reported more units than were held. Only what was held is charged. */
  record ReportedAboveHold(
      Environment environment, String operation, UUID jobId, long held, long reported)
      implements ComputeEvent {}
}
