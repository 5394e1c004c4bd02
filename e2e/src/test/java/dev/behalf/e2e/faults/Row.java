package dev.behalf.e2e.faults;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one case came to.
 *
 * @param lost told "accepted", and without an end or a result
 * @param stuck without an end when the time was over
 * @param failed ended as failed
 * @param again runs beyond the first, as far as compute-server's counters survived
 * @param recovery from the end of the fault to the first new result; null where none was due
 */
record Row(
    String name,
    int jobs,
    long lost,
    long duplicated,
    long stuck,
    long failed,
    long again,
    @Nullable Duration recovery) {

  String line() {
    return "| %s | %d | %d | %d | %d | %d | %d | %s |"
        .formatted(
            name,
            jobs,
            lost,
            duplicated,
            stuck,
            failed,
            again,
            recovery == null ? "–" : "%.2f s".formatted(recovery.toMillis() / 1000.0));
  }
}
