package dev.behalf.compute.engines;

import dev.behalf.contract.Environment;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whose work a task is, for engines that are called by HTTP.
 *
 * @param attempt the number of the attempt, from 1
 * @param maxUnits the most units that the engine can charge
 * @param isOfWorker whether a worker asks, with a job that is due in the fair queue, rather than a
 *     user with their own key
 * @param jobToken the token for the engine's audience; null for none
 * @param traceparent the trace that the job belongs to; null for none
 */
public record Work(
    UUID jobId,
    UUID userId,
    Environment environment,
    int attempt,
    long maxUnits,
    boolean isOfWorker,
    @Nullable String jobToken,
    @Nullable String traceparent) {

  ComputeSlots.Origin origin() {
    return isOfWorker ? ComputeSlots.Origin.WORKER : ComputeSlots.Origin.DIRECT;
  }

  @Override
  public String toString() {
    return "job " + jobId;
  }
}
