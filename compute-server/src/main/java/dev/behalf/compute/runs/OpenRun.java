package dev.behalf.compute.runs;

import dev.behalf.compute.charges.PendingCharge;
import dev.behalf.compute.engines.Task;
import dev.behalf.compute.quota.Holds.Hold;
import dev.behalf.engine.EngineEvent;
import dev.behalf.engine.EngineStop;
import dev.behalf.operation.Engine;
import dev.behalf.operation.Run.LongRun;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.TransactionException;

/** A run that this replica works on: what its engine says, and why it is stopped. */
final class OpenRun {

  private static final Duration A_MOMENT = Duration.ofMillis(50);

  /** Text of one run from which on its engine is not read, in UTF-16 units. */
  private static final long MOST_WAITING = 256 * 1024;

  /** So often the last words of a run are tried before it ends without them. */
  private static final int MOST_TRIES = 5;

  private final Begun begun;
  private final RunEvents said;
  private final RunLog log;
  private final EngineStop stop = new EngineStop();
  private final long began = System.nanoTime();

  /** Whether the output is kept until the end, because it becomes the result. */
  private final boolean isKept;

  private volatile @Nullable Why why;
  private volatile long reported;

  OpenRun(Begun begun, RunEvents said) {
    this.begun = begun;
    this.said = said;
    this.log = new RunLog(begun.run(), begun.attempt());
    this.isKept = begun.task().operation().definition().engine() instanceof Engine.Chat;
    if (!log.isEmpty()) {
      said.add(log);
    }
  }

  /**
   * A run whose row is stored.
   *
   * @param attempt the attempt of the job
   * @param greatest the job, with its greatest cost as its units
   * @param place the place of the run, which it leaves
   */
  record Begun(
      Run run, int attempt, Hold hold, PendingCharge greatest, Task task, Places.Place place) {}

  /** Why a run is stopped. */
  enum Why {
    CANCELLED,
    /** The row says otherwise: the user is deleted, or another replica has the job. */
    GONE,
    LEASE_OVER,
    HANDED_BACK
  }

  Begun begun() {
    return begun;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** Stops the run; the first reason counts. */
  synchronized void stop(Why reason) {
    if (why == null) {
      why = reason;
      stop.stop();
    }
  }

  boolean isGone() {
    return why == Why.GONE;
  }

  /** Has the engine compute, and waits for its end. */
  RunEnds.Outcome compute() {
    var place = begun.place();
    try {
      var computation = place.engine().compute(this::heard, stop);
      place.add(computation.json().length());
      reported = computation.units();
      return new RunEnds.Outcome.Computed(computation);
    } catch (Problem problem) {
      return switch (why) {
        case null -> new RunEnds.Outcome.Failed(problem);
        // A cancelled run ends as cancelled whatever its outcome; one that is gone has none.
        case HANDED_BACK, LEASE_OVER, CANCELLED, GONE -> new RunEnds.Outcome.HandedBack();
      };
    }
  }

  private void heard(EngineEvent event) {
    if (event instanceof EngineEvent.Usage usage) {
      reported = usage.units();
    }
    if (event instanceof EngineEvent.Output output && isKept) {
      begun.place().add(output.body().path("delta").asString("").length());
    }
    log.add(event);
    said.add(log);
    // The engine waits while more is said than can be written.
    while (log.length() > MOST_WAITING && why == null && OpenRuns.isPausedFor(A_MOMENT)) {}
  }

  /** Returns the units that the job costs if it ends as cancelled. */
  long chargedOnCancel() {
    var definition = begun.task().operation().definition();
    return definition.units().isMetered()
            && definition.run() instanceof LongRun isLong
            && isLong.chargesOnCancel()
        ? reported
        : 0;
  }

  /**
   * Writes what is left to say; the end of a run is worth more than its last words.
   *
   * @param tries how often this was tried before
   */
  void sayTheRest(int tries) {
    try {
      said.finish(log);
    } catch (DataIntegrityViolationException never) {
      // Its user is gone.
    } catch (DataAccessException | TransactionException failed) {
      if (tries < MOST_TRIES) {
        throw failed;
      }
    }
  }
}
