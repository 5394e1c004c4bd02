package dev.behalf.compute.jobs;

import dev.behalf.contract.Environment;
import java.time.Duration;

/** The outcome of a compute request, for meters and logs. */
public sealed interface ComputeEvent {

  record Computed(Environment environment, String operation, long units, Duration took)
      implements ComputeEvent {}

  record Replayed(Environment environment, String operation) implements ComputeEvent {}

  record Refused(Environment environment, String code) implements ComputeEvent {}
}
