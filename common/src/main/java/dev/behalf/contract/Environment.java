package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonCreator;

/**
 * Live work is charged for real; test work never touches it: own keys, quota, queue and figures.
 */
public enum Environment implements WireName {
  LIVE,
  TEST;

  /**
   * Reads {@link #wire}.
   *
   * @throws IllegalArgumentException for any other word
   */
  @JsonCreator
  public static Environment of(String wire) {
    return WireName.find(Environment.class, wire)
        .orElseThrow(() -> new IllegalArgumentException("The environment is live or test."));
  }
}
