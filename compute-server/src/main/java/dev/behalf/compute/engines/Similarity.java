package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import dev.behalf.contract.JobResult;
import dev.behalf.contract.JobResult.SimilarityResult;
import java.util.Objects;
import org.springframework.stereotype.Component;

/**
 * The engine that scores how near two texts are in meaning: 1 if they are equal, about 0 if
 * unrelated.
 */
@Component
class Similarity implements Engine {

  private final SentenceModel model;

  Similarity(SentenceModel model) {
    this.model = model;
  }

  @Override
  public Operation operation() {
    return Operation.SIMILARITY;
  }

  @Override
  public long units(JobPayload payload) {
    return (long) model.tokens(text(payload)) + model.tokens(other(payload));
  }

  @Override
  public JobResult run(JobPayload payload) {
    return new SimilarityResult(
        Vectors.round(Vectors.dot(model.embed(text(payload)), model.embed(other(payload)))));
  }

  private static String text(JobPayload payload) {
    return Objects.requireNonNull(payload.text());
  }

  private static String other(JobPayload payload) {
    return Objects.requireNonNull(payload.other());
  }
}
