package dev.behalf.server.operations;

import dev.behalf.operation.Definition;

/**
 * One version of an operation.
 *
 * @param version the number of the version, from 1
 */
public record Operation(int version, Definition definition) {

  public String name() {
    return definition.name();
  }
}
