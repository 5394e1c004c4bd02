package dev.behalf.compute.engines;

import dev.behalf.contract.CallLimits;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Slots for costly work, one for each processor. web-app dispatches no more jobs than the slots can
 * take soon. Direct calls may use at most half of the slots, so that a flood of calls stops no
 * queue. Waiting for a slot is bounded in time and in payload size.
 */
@Component
public class ComputeSlots {

  /** Maximum total size of the payloads that wait in memory, in UTF-16 units. */
  private static final int MAY_WAIT = 16 * 1024 * 1024;

  /** The origin of a request for a slot. */
  public enum Origin {
    /** A worker, with a job that is due in the fair queue. */
    WORKER,
    /** A direct call with a user's own key, outside the fair queue. */
    DIRECT
  }

  /** An acquired slot; closing it releases the slot. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  private final int count = Runtime.getRuntime().availableProcessors();
  private final Semaphore free = new Semaphore(count, true);
  private final Semaphore ofDirectCalls = new Semaphore(Math.max(1, count / 2), true);
  private final Semaphore waiting = new Semaphore(MAY_WAIT);

  private final Duration wait;

  public ComputeSlots() {
    this(CallLimits.FOR_A_PLACE);
  }

  /**
   * Creates slots that are all free.
   *
   * @param wait the longest wait for a slot
   */
  ComputeSlots(Duration wait) {
    this.wait = wait;
  }

  public int count() {
    return count;
  }

  /**
   * Waits for a slot.
   *
   * @throws Problem {@code busy} if no slot is free in time, or too much is waiting already
   */
  Place take(Task task, Origin origin) {
    int size = (int) Math.min(MAY_WAIT, task.size());
    if (!waiting.tryAcquire(size)) {
      throw Problem.busy();
    }
    var deadline = System.nanoTime() + wait.toNanos();
    try {
      if (origin == Origin.WORKER) {
        acquire(free, deadline);
        return free::release;
      }
      acquire(ofDirectCalls, deadline);
      try {
        acquire(free, deadline);
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

  private static void acquire(Semaphore slots, long deadline) {
    try {
      if (!slots.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw Problem.busy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable();
    }
  }
}
