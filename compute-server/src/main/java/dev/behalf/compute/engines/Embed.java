package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** The text's vector. */
@Component
class Embed implements Engine {

  record Result(float[] embedding) {}

  private final SentenceModel model;

  Embed(SentenceModel model) {
    this.model = model;
  }

  @Override
  public Operation operation() {
    return Operation.EMBED;
  }

  @Override
  public long units(JobPayload payload) {
    return model.tokens(Objects.requireNonNull(payload.text()));
  }

  @Override
  public Object run(JobPayload payload) {
    return new Result(model.embed(Objects.requireNonNull(payload.text())));
  }
}
