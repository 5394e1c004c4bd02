package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import dev.behalf.contract.Pool;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/** Runs the engine of a payload, on one of the {@link ComputeSlots} if the work is costly. */
@Component
public class Engines {

  private final Map<Operation, Engine> engines = new EnumMap<>(Operation.class);
  private final TimeLimits limits;
  private final ComputeSlots slots;
  private final ComputeRates rates;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("engine-", 0).daemon().factory());

  Engines(List<Engine> engines, TimeLimits limits, ComputeSlots slots, ComputeRates rates) {
    engines.forEach(engine -> this.engines.put(engine.operation(), engine));
    this.limits = limits;
    this.slots = slots;
    this.rates = rates;
  }

  /**
   * Returns the cost of a valid payload, in units.
   *
   * @throws Problem {@code text_empty} if the model finds no tokens in the text, so that no engine
   *     can compute it
   */
  public long units(JobPayload payload) {
    var units = engine(payload).units(payload);
    if (units < 1) {
      throw new Problem(
          ProblemCode.TEXT_EMPTY, "The model finds no words in this text: send another text.");
    }
    return units;
  }

  /**
   * Returns whether computing the payload costs less than the checks that could make it
   * unnecessary.
   */
  public boolean isQuick(JobPayload payload) {
    return payload.pool() == Pool.QUICK;
  }

  /** A result, the time it waited for a slot and the time it took to compute. */
  public record Computed(Object result, Duration waited, Duration took) {}

  /**
   * Computes a valid payload.
   *
   * @param origin the origin of the request, which decides the slots that it may use
   * @throws Problem {@code time_limit} if computing takes longer than the operation may, not
   *     counting the wait for a slot; {@code busy} if no slot is free in time
   */
  public Computed run(JobPayload payload, ComputeSlots.Origin origin) {
    var engine = engine(payload);
    var start = System.nanoTime();
    if (isQuick(payload)) {
      return new Computed(engine.run(payload), Duration.ZERO, since(start));
    }
    var place = slots.take(payload, origin);
    var began = System.nanoTime();
    var result = run(engine, payload, place);
    var took = since(began);
    rates.ran(payload, took);
    return new Computed(result, Duration.ofNanos(began - start), took);
  }

  private Object run(Engine engine, JobPayload payload, ComputeSlots.Place place) {
    var run = threads.submit(() -> runAndLeave(engine, payload, place));
    var limit = limits.of(engine.operation());
    try {
      return run.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      run.cancel(true);
      rates.ran(payload, limit);
      throw new Problem(
          ProblemCode.TIME_LIMIT,
          "The operation exceeded its limit of %d ms: split the text into smaller jobs."
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

  /** Releases the slot when the engine has stopped, not when the caller stops waiting. */
  private static Object runAndLeave(Engine engine, JobPayload payload, ComputeSlots.Place place) {
    try (place) {
      return engine.run(payload);
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private Engine engine(JobPayload payload) {
    return Objects.requireNonNull(engines.get(Operation.of(payload.operation()).orElseThrow()));
  }
}
