package dev.behalf.compute.engines;

import dev.behalf.contract.CallLimits;
import dev.behalf.contract.JobPayload;
import dev.behalf.server.problem.Problem;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Places for costly work: as many as there are processors. web-app dispatches no more jobs than
 * they can take soon; who calls directly may have half of them, so that a flood of calls stops no
 * queue. What waits for a place is bounded, in time and in bytes.
 */
@Component
public class ComputeSlots {

  /** Of payloads, in UTF-16 units: each waits in memory. */
  private static final int MAY_WAIT = 16 * 1024 * 1024;

  /** Who asks for a place. */
  public enum Origin {
    /** A worker, with a job in its turn. */
    WORKER,
    /** Somebody with a key of one's own, in no turn. */
    DIRECT
  }

  /** One that is taken; closing it gives it back. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  private final int count = Runtime.getRuntime().availableProcessors();
  private final Semaphore free = new Semaphore(count, true);
  private final Semaphore ofDirectCalls = new Semaphore(Math.max(1, count / 2), true);
  private final Semaphore waiting = new Semaphore(MAY_WAIT);

  public int count() {
    return count;
  }

  /**
   * Waits for a place.
   *
   * @throws Problem {@code busy} where none gets free in time, or too much waits already
   */
  Place take(JobPayload payload, Origin origin) {
    int size = (int) Math.min(MAY_WAIT, payload.texts().mapToLong(String::length).sum());
    if (!waiting.tryAcquire(size)) {
      throw Problem.busy();
    }
    try {
      if (origin == Origin.WORKER) {
        acquire(free);
        return free::release;
      }
      acquire(ofDirectCalls);
      try {
        acquire(free);
      } catch (Problem busy) {
        ofDirectCalls.release();
        throw busy;
      }
      return () -> {
        free.release();
        ofDirectCalls.release();
      };
    } finally {
      waiting.release(size);
    }
  }

  private static void acquire(Semaphore slots) {
    try {
      if (!slots.tryAcquire(CallLimits.FOR_A_PLACE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw Problem.busy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable();
    }
  }
}
