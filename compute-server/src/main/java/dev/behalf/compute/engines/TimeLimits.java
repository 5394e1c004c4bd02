package dev.behalf.compute.engines;

import dev.behalf.contract.CallLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code behalf.time-limits}. They limit nothing themselves: the definition of an
 * operation says how long it may compute, which is less than a worker waits for the answer.
 *
 * @param call how long workers wait for an answer, as configured in the worker
 */
@ConfigurationProperties("behalf.time-limits")
record TimeLimits(@DefaultValue("30s") Duration call) {

  TimeLimits {
    CallLimits.requireShorter(
        "The longest run of a quick operation and the wait for a slot",
        CallLimits.QUICK_RUN.plus(CallLimits.FOR_A_PLACE),
        "behalf.time-limits.call",
        call);
  }
}
