package dev.behalf.web.work.jobs;

import dev.behalf.contract.WireName;
import java.util.Arrays;

/** Which of a user's own jobs go first. It says nothing about the jobs of others. */
public enum Priority implements WireName {
  HIGH(0),
  NORMAL(1),
  LOW(2);

  private final int rank;

  Priority(int rank) {
    this.rank = rank;
  }

  /** The number in tables: the smaller goes first. */
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
