package dev.behalf.compute.runs;

import dev.behalf.compute.engines.Computations;
import dev.behalf.compute.engines.Task;
import dev.behalf.compute.engines.Work;
import dev.behalf.compute.replicas.Replica;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import org.springframework.stereotype.Component;

/** Bounds the runs of this replica, in number and in bytes of their inputs. */
@Component
class Places {

  private final Computations computations;
  private final Replica replica;
  private final RunSettings settings;
  private int runs;
  private long bytes;
  private boolean isClosed;

  Places(Computations computations, Replica replica, RunSettings settings) {
    this.computations = computations;
    this.replica = replica;
    this.settings = settings;
  }

  /** A place for one run, here and at its engine. */
  final class Place implements AutoCloseable {

    private final Computations.Place engine;
    private long size;

    private Place(long size, Computations.Place engine) {
      this.size = size;
      this.engine = engine;
    }

    Computations.Place engine() {
      return engine;
    }

    /** Counts what is kept besides the input, such as the result until it is stored. */
    void add(long more) {
      size += more;
      keep(more);
    }

    @Override
    public void close() {
      engine.close();
      leave(size);
    }
  }

  /**
   * Takes a place.
   *
   * @throws Problem {@code busy} or {@code engine_unavailable}
   */
  Place take(Task task, Work work) {
    long size = StrictJson.write(task.input()).length;
    if (!replica.isLeased() || !isTaken(size)) {
      throw new Problem(ProblemCode.BUSY, "This server takes no more runs: ask again later.")
          .with("Retry-After", "1");
    }
    try {
      return new Place(size, computations.take(task, work));
    } catch (RuntimeException noneAtTheEngine) {
      leave(size);
      throw noneAtTheEngine;
    }
  }

  private synchronized boolean isTaken(long size) {
    if (isClosed || runs >= settings.atMost() || bytes + size > settings.mostBytes()) {
      return false;
    }
    runs++;
    bytes += size;
    return true;
  }

  private synchronized void keep(long more) {
    bytes += more;
  }

  private synchronized void leave(long size) {
    runs--;
    bytes -= size;
  }

  synchronized void open() {
    isClosed = false;
  }

  /** Refuses new runs from now on, until {@link #open}. */
  synchronized void close() {
    isClosed = true;
  }

  synchronized boolean isClosed() {
    return isClosed;
  }

  synchronized boolean isEmpty() {
    return runs == 0;
  }
}
