package dev.behalf.web.work.batches;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.work.operations.Operations;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Turns the lines of a file into jobs, one piece of the file per transaction, while the rest is
 * still being sent. If the sender disconnects, the jobs stored so far still run, and the batch
 * stays incomplete until the same file comes again under the same idempotency key.
 */
@Component
class BatchReader {

  /**
   * Longest time to read one file: a slow sender keeps neither a thread nor rights that have ended
   * meanwhile.
   */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** Files of one user that this replica reads at the same time. */
  private static final int AT_ONCE_OF_USER = 4;

  /** Files that this replica reads at the same time, of about 5 MiB in memory each. */
  private static final int AT_ONCE = 64;

  /** Batches of one user with open jobs: each is looked at again and again until it ends. */
  private static final int MOST_OPEN = 1_000;

  private final Batches batches;
  private final Operations operations;
  private final InstantSource clock;
  private final Map<UUID, Integer> reading = new ConcurrentHashMap<>();

  BatchReader(Batches batches, Operations operations, InstantSource clock) {
    this.batches = batches;
    this.operations = operations;
    this.clock = clock;
  }

  /** A batch whose file was read; {@code replayed} if that had happened before. */
  record Taken(UUID id, boolean replayed) {}

  /**
   * Reads a file and queues its jobs.
   *
   * @throws Lines.Unreadable if the file as a whole is unreadable; then no batch is created
   * @throws Problem if the idempotency key belongs to another file, or its file is being read
   */
  Taken take(NewBatch asked, InputStream file) throws IOException {
    var userId = asked.caller().userId();
    if (reading.merge(userId, 1, Integer::sum) > AT_ONCE_OF_USER) {
      leave(userId);
      throw tooMany("Send at most %d files at the same time.".formatted(AT_ONCE_OF_USER));
    }
    try {
      if (reading.values().stream().mapToInt(Integer::intValue).sum() > AT_ONCE) {
        throw Problem.unavailable();
      }
      if (batches.open(userId, MOST_OPEN) >= MOST_OPEN) {
        throw tooMany("Wait until one of your %,d open batches has ended.".formatted(MOST_OPEN));
      }
      return read(asked, new InTime(file, clock, clock.instant().plus(LONGEST)));
    } finally {
      leave(userId);
    }
  }

  private static Problem tooMany(String advice) {
    return new Problem(ProblemCode.RATE_LIMITED, advice).with("Retry-After", "5");
  }

  private void leave(UUID userId) {
    reading.computeIfPresent(userId, (id, count) -> count == 1 ? null : count - 1);
  }

  private Taken read(NewBatch asked, InputStream file) throws IOException {
    var lines = Lines.of(asked.format(), file, offered(asked.caller().userId()));
    var begun = batches.begin(asked);
    var place = new ReadingPlace(begun.readTo(), begun.digest());
    var piece = new Piece(clock);
    for (var next = lines.next(); next.isPresent(); next = lines.next()) {
      if (!place.isNew(next.get(), lines.digest())) {
        continue;
      }
      if (begun.isComplete()) {
        throw ReadingPlace.otherFile();
      }
      piece.add(next.get());
      if (piece.isFull() || lines.isWaiting()) {
        batches.store(asked, begun.id(), piece, place, false);
        piece = new Piece(clock);
      }
    }
    place.checkStored();
    if (!begun.isComplete()) {
      batches.store(asked, begun.id(), piece, place, true);
    }
    return new Taken(begun.id(), begun.isComplete());
  }

  private Function<String, Optional<Operation>> offered(UUID userId) {
    var offered =
        operations.of(userId).stream()
            .collect(Collectors.toMap(Operation::name, Function.identity()));
    return name -> Optional.ofNullable(offered.get(name));
  }
}
