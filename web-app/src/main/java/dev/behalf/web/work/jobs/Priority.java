package dev.behalf.web.work.jobs;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Locale;

/** Which of a user's own jobs go first. It says nothing about the jobs of others. */
public enum Priority {
  @JsonProperty("high")
  HIGH(0),
  @JsonProperty("normal")
  NORMAL(1),
  @JsonProperty("low")
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

  /** The word in answers. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
