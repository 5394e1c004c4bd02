package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import dev.behalf.contract.ProblemCode;
import dev.behalf.problem.Problem;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Finds the engine for a payload and lets no more of the costly ones compute at once than there are
 * processors.
 */
@Component
public class Engines {

  private static final int SECONDS_TO_WAIT = 10;

  private final Map<Operation, Engine> engines = new EnumMap<>(Operation.class);
  private final Semaphore processors =
      new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  Engines(List<Engine> engines) {
    engines.forEach(engine -> this.engines.put(engine.operation(), engine));
  }

  public long units(JobPayload payload) {
    return engine(payload).units(payload);
  }

  /** Computing it costs less than asking first whether it is worth it. */
  public boolean isCheap(JobPayload payload) {
    return engine(payload).isCheap();
  }

  /**
   * Computes a payload that has no fault.
   *
   * @throws Problem {@code unavailable} where no processor gets free in time
   */
  public Object run(JobPayload payload) {
    if (isCheap(payload)) {
      return engine(payload).run(payload);
    }
    takeProcessor();
    try {
      return engine(payload).run(payload);
    } finally {
      processors.release();
    }
  }

  private void takeProcessor() {
    try {
      if (!processors.tryAcquire(SECONDS_TO_WAIT, TimeUnit.SECONDS)) {
        throw Problem.unavailable();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(ProblemCode.UNAVAILABLE, "The server is stopping.");
    }
  }

  private Engine engine(JobPayload payload) {
    return Objects.requireNonNull(engines.get(Operation.of(payload.operation()).orElseThrow()));
  }
}
