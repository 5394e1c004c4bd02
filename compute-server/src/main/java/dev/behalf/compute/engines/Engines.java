package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import dev.behalf.contract.ProblemCode;
import dev.behalf.problem.Problem;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/**
 * Finds the engine for a payload and lets no more of the costly ones compute at once than there are
 * processors.
 */
@Component
public class Engines {

  private static final int SECONDS_TO_WAIT = 10;

  private final Map<Operation, Engine> engines = new EnumMap<>(Operation.class);
  private final TimeLimits limits;
  private final Semaphore processors =
      new Semaphore(Runtime.getRuntime().availableProcessors(), true);
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("engine-", 0).daemon().factory());

  Engines(List<Engine> engines, TimeLimits limits) {
    engines.forEach(engine -> this.engines.put(engine.operation(), engine));
    this.limits = limits;
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
   * @throws Problem {@code time_limit} where it takes longer than the operation may; {@code
   *     unavailable} where no processor gets free in time
   */
  public Object run(JobPayload payload) {
    var engine = engine(payload);
    if (engine.isCheap()) {
      return engine.run(payload);
    }
    takeProcessor();
    var run = threads.submit(() -> runAndRelease(engine, payload));
    var limit = limits.of(engine.operation());
    try {
      return run.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      run.cancel(true);
      throw new Problem(
          ProblemCode.TIME_LIMIT,
          "An operation may compute for %d ms: cut the text into smaller jobs."
              .formatted(limit.toMillis()));
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failed.getCause());
    } catch (InterruptedException e) {
      run.cancel(true);
      Thread.currentThread().interrupt();
      throw new Problem(ProblemCode.UNAVAILABLE, "The server is stopping.");
    }
  }

  /** The processor is free when the engine has really stopped, not when nobody waits any more. */
  private Object runAndRelease(Engine engine, JobPayload payload) {
    try {
      return engine.run(payload);
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
