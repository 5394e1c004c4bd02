package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload.Operation;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long an operation may compute, under {@code behalf.time-limits}: less than a worker waits for
 * an answer.
 *
 * @param standard of those that are not named
 * @param operation by operation
 */
@ConfigurationProperties("behalf.time-limits")
record TimeLimits(
    @DefaultValue("20s") Duration standard, @DefaultValue Map<Operation, Duration> operation) {

  Duration of(Operation asked) {
    return operation.getOrDefault(asked, standard);
  }
}
