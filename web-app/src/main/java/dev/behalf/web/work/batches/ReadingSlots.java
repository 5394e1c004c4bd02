package dev.behalf.web.work.batches;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Bounds how many files this replica reads at the same time, for a preview or for a batch. */
@Component
class ReadingSlots {

  private static final int OF_USER = 4;

  /** Files of all users, of about 5 MiB in memory each. */
  private static final int OF_ALL = 64;

  private final Map<UUID, Integer> reading = new ConcurrentHashMap<>();

  /**
   * Takes a slot, which {@link #leave} gives back.
   *
   * @throws Problem if none is free; then there is nothing to give back
   */
  void enter(UUID userId) {
    if (reading.merge(userId, 1, Integer::sum) > OF_USER) {
      leave(userId);
      throw tooMany("Send at most %d files at the same time.".formatted(OF_USER));
    }
    if (reading.values().stream().mapToInt(Integer::intValue).sum() > OF_ALL) {
      leave(userId);
      throw Problem.unavailable();
    }
  }

  void leave(UUID userId) {
    reading.computeIfPresent(userId, (id, count) -> count == 1 ? null : count - 1);
  }

  static Problem tooMany(String advice) {
    return new Problem(ProblemCode.RATE_LIMITED, advice).with("Retry-After", "5");
  }
}
