package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import dev.behalf.contract.JobResult;
import dev.behalf.contract.JobResult.EmbedResult;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** The engine that returns the vector of the text. */
@Component
class Embed implements Engine {

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
  public JobResult run(JobPayload payload) {
    return new EmbedResult(model.embed(Objects.requireNonNull(payload.text())));
  }
}
