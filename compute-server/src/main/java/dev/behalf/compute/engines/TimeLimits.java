package dev.behalf.compute.engines;

import dev.behalf.contract.CallLimits;
import dev.behalf.contract.JobPayload.Operation;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code behalf.time-limits}: how long an operation may compute, which is less than a
 * worker waits for the answer.
 *
 * @param standard the limit of operations without a limit of their own
 * @param operation the limits by operation
 * @param call how long workers wait for an answer, as configured in the worker
 */
@ConfigurationProperties("behalf.time-limits")
record TimeLimits(
    @DefaultValue("20s") Duration standard,
    @DefaultValue Map<Operation, Duration> operation,
    @DefaultValue("30s") Duration call) {

  TimeLimits {
    requireWithinCall("behalf.time-limits.standard", standard, call);
    operation.forEach(
        (name, limit) ->
            requireWithinCall("behalf.time-limits.operation." + name.wire(), limit, call));
  }

  private static void requireWithinCall(String name, Duration limit, Duration call) {
    CallLimits.requireShorter(
        name + " and the wait for a slot",
        limit.plus(CallLimits.FOR_A_PLACE),
        "behalf.time-limits.call",
        call);
  }

  Duration of(Operation asked) {
    return operation.getOrDefault(asked, standard);
  }
}
