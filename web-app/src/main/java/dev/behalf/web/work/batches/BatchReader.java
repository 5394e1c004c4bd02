package dev.behalf.web.work.batches;

import dev.behalf.server.problem.Problem;
import dev.behalf.web.work.operations.Operations;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
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

  /** Batches of one user with open jobs: each is looked at again and again until it ends. */
  private static final int MOST_OPEN = 1_000;

  private final Batches batches;
  private final Operations operations;
  private final ReadingSlots slots;
  private final InstantSource clock;

  BatchReader(Batches batches, Operations operations, ReadingSlots slots, InstantSource clock) {
    this.batches = batches;
    this.operations = operations;
    this.slots = slots;
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
    slots.enter(userId);
    try {
      if (batches.open(userId, MOST_OPEN) >= MOST_OPEN) {
        throw ReadingSlots.tooMany(
            "Wait until one of your %,d open batches has ended.".formatted(MOST_OPEN));
      }
      return read(asked, new InTime(file, clock, clock.instant().plus(LONGEST)));
    } finally {
      slots.leave(userId);
    }
  }

  private Taken read(NewBatch asked, InputStream file) throws IOException {
    var offered = Lines.finder(operations.of(asked.caller().userId()));
    var lines = Lines.of(asked.format(), file, asked.columns(), offered);
    var begun = batches.begin(asked, lines.heading());
    var place = new ReadingPlace(begun.readTo(), begun.digest());
    var piece = new Piece(clock);
    for (var next = lines.next(); next.isPresent(); next = lines.next()) {
      if (!place.isNew(next.get(), lines.digest())) {
        continue;
      }
      if (begun.isComplete()) {
        throw ReadingPlace.otherFile();
      }
      piece.add(next.get(), asked.format() == Batch.Format.CSV ? lines.text() : null);
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
}
