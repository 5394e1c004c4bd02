package dev.behalf.web.billing.usage;

import dev.behalf.contract.WireName;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The property by which the usage charts split their bars. */
enum Grouping implements WireName {
  OPERATION,
  KEY,
  STATE,
  /** No split. */
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

  /** Returns the job list's filter for the jobs of a group; empty for {@link #DAY}. */
  String query(String group) {
    return switch (this) {
      case OPERATION -> "op:" + group + " ";
      case KEY -> "key:" + group + " ";
      case STATE -> "state:" + group + " ";
      case DAY -> "";
    };
  }

  /** Returns units, or for {@link #STATE} jobs, since uncharged jobs have no units. */
  long amount(HourlyUsage.Hour hour) {
    return this == STATE ? hour.jobs() : hour.units();
  }
}
