package dev.behalf.engine;

import dev.behalf.contract.Environment;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One call of an engine.
 *
 * @param runId the id of this call; a later call for the same job supersedes it
 * @param operation the operation and its version, such as {@code transcribe@3}
 * @param attempt the number of the attempt, from 1
 * @param maxUnits the most units that the engine can charge; 0 where it reports none
 * @param input the input as JSON
 * @param runWithin how long the call may take
 * @param silence how long an engine that streams its answer may be silent
 * @param maxResult the largest result, in bytes of JSON
 * @param traceparent the trace that the call belongs to (W3C Trace Context); null for none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record EngineCall(
    Endpoint endpoint,
    UUID jobId,
    UUID runId,
    UUID userId,
    Environment environment,
    String operation,
    int attempt,
    long maxUnits,
    byte[] input,
    Duration runWithin,
    Duration silence,
    long maxResult,
    @Nullable String traceparent) {

  @Override
  public String toString() {
    return operation + " for job " + jobId;
  }
}
