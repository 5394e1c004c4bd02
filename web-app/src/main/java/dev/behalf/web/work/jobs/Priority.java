package dev.behalf.web.work.jobs;

import dev.behalf.contract.WireName;
import java.util.Arrays;

/** The priority of a job among the jobs of its user; it does not affect other users' jobs. */
public enum Priority implements WireName {
  HIGH(0),
  NORMAL(1),
  LOW(2);

  private final int rank;

  Priority(int rank) {
    this.rank = rank;
  }

  /** Returns the number stored in tables; the smallest goes first. */
  int rank() {
    return rank;
  }

  static Priority ofRank(int rank) {
    return Arrays.stream(values())
        .filter(priority -> priority.rank == rank)
        .findFirst()
        .orElseThrow();
  }
}
