package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Gives the text back: for benchmarks and drills. One unit for each 1,000 characters begun. */
@Component
class Echo implements Engine {

  record Result(String text) {}

  @Override
  public Operation operation() {
    return Operation.ECHO;
  }

  @Override
  public long units(JobPayload payload) {
    return Math.ceilDiv(Objects.requireNonNull(payload.text()).length(), 1_000);
  }

  @Override
  public boolean isCheap() {
    return true;
  }

  @Override
  public Object run(JobPayload payload) {
    return new Result(Objects.requireNonNull(payload.text()));
  }
}
