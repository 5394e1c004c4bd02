package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import dev.behalf.contract.JobResult;
import dev.behalf.contract.JobResult.EchoResult;
import java.util.Objects;
import org.springframework.stereotype.Component;

/**
 * The engine that returns the text, for benchmarks and drills. It costs one unit for each 1,000
 * characters begun.
 */
@Component
class Echo implements Engine {

  @Override
  public Operation operation() {
    return Operation.ECHO;
  }

  @Override
  public long units(JobPayload payload) {
    return payload.unitsOfEcho();
  }

  @Override
  public JobResult run(JobPayload payload) {
    return new EchoResult(Objects.requireNonNull(payload.text()));
  }
}
