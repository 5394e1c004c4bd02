package dev.behalf.compute.engines;

import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** The engine that returns the text, for benchmarks and drills. */
@Component
class Echo implements Engine {

  record Result(String text) {}

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public Result run(ObjectNode input) {
    return new Result(input.required("text").asString());
  }
}
