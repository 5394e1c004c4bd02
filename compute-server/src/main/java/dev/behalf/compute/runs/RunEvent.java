package dev.behalf.compute.runs;

import dev.behalf.contract.Environment;
import java.time.Duration;
import java.util.UUID;

/** An event in the life of a run, for meters and logs. */
public sealed interface RunEvent {

  /** The engine was asked; the caller's answer is on its way. */
  record Started(Environment environment, String operation, UUID jobId, int epoch)
      implements RunEvent {}

  /**
   * A run ended.
   *
   * @param how the state of its row
   */
  record Ended(Environment environment, String operation, UUID jobId, String how, Duration took)
      implements RunEvent {}

  /**
   * A run was ended because its replica was lost.
   *
   * @param times how many in a row were lost with the job
   */
  record Lost(Environment environment, String operation, UUID jobId, int times)
      implements RunEvent {}

  /** A run ended that was no longer this replica's, or whose owner is gone: nothing was stored. */
  record Discarded(Environment environment, String operation, UUID jobId) implements RunEvent {}

  /** The end of a run could not be stored; it is tried again. */
  record NotStored(UUID jobId, String reason) implements RunEvent {}
}
