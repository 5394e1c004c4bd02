package dev.behalf.compute.engines;

import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * The engine that scores how near two texts are in meaning: 1 if they are equal, about 0 if
 * unrelated.
 */
@Component
class Similarity implements Engine {

  record Result(double similarity) {}

  private final SentenceModel model;

  Similarity(SentenceModel model) {
    this.model = model;
  }

  @Override
  public String name() {
    return "similarity";
  }

  @Override
  public Result run(ObjectNode input) {
    return new Result(Vectors.round(Vectors.dot(vector(input, "text"), vector(input, "other"))));
  }

  private float[] vector(ObjectNode input, String property) {
    return model.embed(input.required(property).asString());
  }
}
