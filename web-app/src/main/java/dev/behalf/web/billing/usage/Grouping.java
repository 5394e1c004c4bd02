package dev.behalf.web.billing.usage;

import dev.behalf.contract.WireName;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** By what the bars are split. */
enum Grouping implements WireName {
  OPERATION,
  KEY,
  STATE,
  /** Not at all. */
  DAY;

  static Grouping of(@Nullable String word) {
    return Arrays.stream(values())
        .filter(by -> by.wire().equals(word))
        .findFirst()
        .orElse(OPERATION);
  }

  String group(HourlyUsage.Hour hour) {
    return switch (this) {
      case OPERATION -> hour.operation();
      case KEY -> hour.keyId();
      case STATE -> hour.state();
      case DAY -> "all";
    };
  }

  /** The word of the job list that finds the jobs of a group. */
  String query(String group) {
    return switch (this) {
      case OPERATION -> "op:" + group + " ";
      case KEY -> "key:" + group + " ";
      case STATE -> "state:" + group + " ";
      case DAY -> "";
    };
  }

  /** What ends without a charge has no units: there, jobs are counted. */
  long amount(HourlyUsage.Hour hour) {
    return this == STATE ? hour.jobs() : hour.units();
  }
}
