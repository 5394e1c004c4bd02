package dev.behalf.compute.engines;

import dev.behalf.contract.ProblemCode;
import dev.behalf.engine.EngineStop;
import dev.behalf.operation.Engine.Builtin;
import dev.behalf.operation.Engine.Http;
import dev.behalf.operation.Engine.Remote;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Runs the engine of an operation, on one of the {@link ComputeSlots} if the work is costly. */
@Component
public class Engines {

  private final Map<String, Engine> engines = new HashMap<>();
  private final SentenceModel model;
  private final ComputeSlots slots;
  private final ComputeRates rates;
  private final HttpEngines httpEngines;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("engine-", 0).daemon().factory());

  Engines(
      List<Engine> engines,
      SentenceModel model,
      ComputeSlots slots,
      ComputeRates rates,
      HttpEngines httpEngines) {
    engines.forEach(engine -> this.engines.put(engine.name(), engine));
    this.model = model;
    this.slots = slots;
    this.rates = rates;
    this.httpEngines = httpEngines;
  }

  /**
   * Returns the cost of a task, in units.
   *
   * @throws Problem {@code text_empty} if the model finds no tokens in the text, so that no engine
   *     can compute it
   */
  public long units(Task task) {
    var units = task.operation().definition().units(task.input(), model::tokens);
    if (units < 1) {
      throw new Problem(
          ProblemCode.TEXT_EMPTY, "The model finds no words in this text: send another text.");
    }
    return units;
  }

  /**
   * Returns whether computing the task costs less than the checks that could make it unnecessary.
   */
  public boolean isQuick(Task task) {
    return task.operation().definition().engine() instanceof Builtin builtin && !builtin.slot();
  }

  /**
   * Checks that an engine which has an audience gets a token for it.
   *
   * @throws Problem {@code job_token_required} to a worker, which can look one up, and {@code
   *     submit_as_job} to a user who calls directly, also where the operation runs long
   */
  public void requireJob(Task task, boolean isOfWorker, @Nullable String jobToken) {
    if (task.operation().definition().isLong() && !isOfWorker) {
      throw submitAsJob("This operation runs for longer than a call");
    }
    if (task.operation().definition().engine() instanceof Http http
        && http.audience() != null
        && jobToken == null) {
      throw isOfWorker
          ? new Problem(
              ProblemCode.JOB_TOKEN_REQUIRED, "Send the token of the job in Behalf-Job-Token.")
          : submitAsJob("The engine of this operation needs a token that only jobs have");
    }
  }

  private static Problem submitAsJob(String reason) {
    return new Problem(ProblemCode.SUBMIT_AS_JOB, reason + ": POST /api/v1/jobs of web-app.");
  }

  /**
   * A result, the time it waited for a slot and the time it took to compute.
   *
   * @param units the units that the engine reported, if it did
   */
  public record Computed(Object result, OptionalLong units, Duration waited, Duration took) {}

  /**
   * Computes a task.
   *
   * @param work whose work it is; its origin decides the slots that it may use
   * @throws Problem {@code time_limit} if computing takes longer than the operation may, not
   *     counting the wait for a slot; {@code busy} if no slot is free in time; for an engine called
   *     by HTTP also what its answer means
   */
  public Computed run(Task task, Work work) {
    return switch (task.operation().definition().engine()) {
      case Builtin builtin -> run(engine(builtin), task, work);
      case Remote remote -> {
        var start = System.nanoTime();
        try (var place = httpEngines.take(task, remote, work)) {
          var done = place.call(event -> {}, new EngineStop());
          yield new Computed(done.result(), done.units(), Duration.ZERO, since(start));
        }
      }
    };
  }

  /**
   * Takes a place at the engine of a long operation.
   *
   * @throws Problem {@code busy} or {@code engine_unavailable}
   */
  HttpEngines.Place take(Task task, Work work) {
    return switch (task.operation().definition().engine()) {
      case Builtin builtin -> throw new IllegalArgumentException("A built-in engine runs quickly.");
      case Remote remote -> httpEngines.take(task, remote, work);
    };
  }

  private Computed run(Engine engine, Task task, Work work) {
    var start = System.nanoTime();
    if (isQuick(task)) {
      return new Computed(
          engine.run(task.input()), OptionalLong.empty(), Duration.ZERO, since(start));
    }
    // Costly engines use the model. Loading it does not count against the operation's time limit.
    model.load();
    var place = slots.take(task, work.origin());
    var began = System.nanoTime();
    var result = run(engine, task, place);
    var took = since(began);
    rates.ran(task, took);
    return new Computed(result, OptionalLong.empty(), Duration.ofNanos(began - start), took);
  }

  /**
   * Returns the problem of a result that is too large; a retry would produce one of the same size.
   */
  public static Problem tooLarge(long limit) {
    return new Problem(
        ProblemCode.RESULT_TOO_LARGE,
        "The result is larger than %,d bytes of JSON: ask for less. Nothing was charged."
            .formatted(limit));
  }

  private Object run(Engine engine, Task task, ComputeSlots.Place place) {
    var run = threads.submit(() -> runAndLeave(engine, task, place));
    var limit = task.operation().definition().limits().runWithin();
    try {
      return run.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      run.cancel(true);
      rates.ran(task, limit);
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
  private static Object runAndLeave(Engine engine, Task task, ComputeSlots.Place place) {
    try (place) {
      return engine.run(task.input());
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private Engine engine(Builtin builtin) {
    var engine = engines.get(builtin.name());
    if (engine == null) {
      // A server of another release, which is being replaced, may have it or not.
      throw Problem.unavailable();
    }
    return engine;
  }
}
