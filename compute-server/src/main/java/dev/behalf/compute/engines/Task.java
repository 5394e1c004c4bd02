package dev.behalf.compute.engines;

import dev.behalf.operation.Texts;
import dev.behalf.server.operations.Operation;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an engine is asked to compute.
 *
 * @param isPinned whether the caller has named the version of the operation
 * @param input a valid input of the operation
 */
public record Task(Operation operation, boolean isPinned, ObjectNode input) {

  public String name() {
    return operation.name();
  }

  /** Returns the size of all texts of the input, in UTF-16 units. */
  long size() {
    return Texts.of(input).mapToLong(String::length).sum();
  }
}
