package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/**
 * Live work is charged for real; test work never touches it: own keys, quota, queue and figures.
 */
public enum Environment {
  LIVE,
  TEST;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The word used in messages, tables, metrics and key prefixes: {@code live} or {@code test}. */
  @JsonValue
  public String wire() {
    return wire;
  }

  /**
   * Reads {@link #wire}.
   *
   * @throws IllegalArgumentException for any other word
   */
  @JsonCreator
  public static Environment of(String wire) {
    return Arrays.stream(values())
        .filter(environment -> environment.wire.equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("The environment is live or test."));
  }
}
