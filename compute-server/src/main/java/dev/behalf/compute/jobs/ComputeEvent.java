package dev.behalf.compute.jobs;

import dev.behalf.contract.Environment;
import java.time.Duration;

/** What happened to a request, for figures and logs. */
public sealed interface ComputeEvent {

  record Computed(Environment environment, String operation, long units, Duration took)
      implements ComputeEvent {}

  record Replayed(Environment environment, String operation) implements ComputeEvent {}

  record Refused(Environment environment, String code) implements ComputeEvent {}
}
