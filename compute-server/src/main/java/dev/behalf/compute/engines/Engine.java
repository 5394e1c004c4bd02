package dev.behalf.compute.engines;

import tools.jackson.databind.node.ObjectNode;

/**
 * A built-in engine. It is deterministic and stores nothing about users. Its definition stands
 * beside it, in {@code operations/}.
 */
interface Engine {

  /** Returns the name by which definitions refer to the engine. */
  String name();

  /**
   * Returns the result, which is written as JSON.
   *
   * @param input the input, which the schema of the definition has checked
   */
  Object run(ObjectNode input);
}
