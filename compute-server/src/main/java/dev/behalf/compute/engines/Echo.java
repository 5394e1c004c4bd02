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
    var text = Objects.requireNonNull(payload.text());
    return Math.ceilDiv(text.codePointCount(0, text.length()), 1_000);
  }

  @Override
  public Object run(JobPayload payload) {
    return new Result(Objects.requireNonNull(payload.text()));
  }
}
