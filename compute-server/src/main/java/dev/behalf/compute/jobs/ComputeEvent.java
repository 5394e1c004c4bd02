package dev.behalf.compute.jobs;

import dev.behalf.contract.Environment;
import java.time.Duration;
import java.util.UUID;

/** What happened to a request, for figures and logs. */
public sealed interface ComputeEvent {

  record Computed(Environment environment, String operation, long units, Duration took)
      implements ComputeEvent {}

  record Replayed(Environment environment, String operation) implements ComputeEvent {}

  /** The engine has a fault, and would have it again with the same payload. */
  record EngineFailed(Environment environment, String operation, UUID jobId, RuntimeException fault)
      implements ComputeEvent {}

  record Refused(Environment environment, String code) implements ComputeEvent {}
}
