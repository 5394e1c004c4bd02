package dev.behalf.contract;

import java.util.List;

/**
 * A message with several outcomes under one signature. Version 1, which web-app still reads, is a
 * single {@link JobOutcome}.
 */
public record JobOutcomes(int v, List<JobOutcome> outcomes) {

  public static final int VERSION = 2;

  /** The largest message that web-app reads, in bytes. */
  public static final int MAX_BYTES = 1024 * 1024;

  public static JobOutcomes of(List<JobOutcome> outcomes) {
    return new JobOutcomes(VERSION, outcomes);
  }
}
