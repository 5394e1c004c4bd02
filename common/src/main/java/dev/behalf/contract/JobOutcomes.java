package dev.behalf.contract;

import java.util.List;

/**
 * Outcomes in one message, signed as one. Version 1, which web-app still reads, is one {@link
 * JobOutcome} alone.
 */
public record JobOutcomes(int v, List<JobOutcome> outcomes) {

  public static final int VERSION = 2;

  /** web-app reads no message that is larger. */
  public static final int MAX_BYTES = 1024 * 1024;

  public static JobOutcomes of(List<JobOutcome> outcomes) {
    return new JobOutcomes(VERSION, outcomes);
  }
}
