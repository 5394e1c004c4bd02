package dev.behalf.contract;

import com.fasterxml.jackson.annotation.JsonCreator;

/**
 * The environment of a job: live work is charged, and test work never affects it, because each
 * environment has its own keys, quota, queue and statistics.
 */
public enum Environment implements WireName {
  LIVE,
  TEST;

  /**
   * Returns the environment with this {@link #wire} name.
   *
   * @throws IllegalArgumentException for any other name
   */
  @JsonCreator
  public static Environment of(String wire) {
    return WireName.find(Environment.class, wire)
        .orElseThrow(() -> new IllegalArgumentException("The environment is live or test."));
  }
}
