package dev.behalf.operation;

import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The texts within an input. */
public final class Texts {

  private Texts() {}

  /** Returns all strings of a JSON value, without the names of properties. */
  public static Stream<String> of(JsonNode value) {
    if (value.isString()) {
      return Stream.of(value.stringValue());
    }
    return value.values().stream().flatMap(Texts::of);
  }
}
