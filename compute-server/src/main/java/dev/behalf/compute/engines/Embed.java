package dev.behalf.compute.engines;

import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** The engine that returns the vector of the text. */
@Component
class Embed implements Engine {

  /**
   * A vector.
   *
   * @param embedding 384 numbers that form a vector of length 1
   */
  record Result(float[] embedding) {}

  private final SentenceModel model;

  Embed(SentenceModel model) {
    this.model = model;
  }

  @Override
  public String name() {
    return "embed";
  }

  @Override
  public Result run(ObjectNode input) {
    return new Result(model.embed(input.required("text").asString()));
  }
}
