package dev.behalf.compute.engines;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.engine.EngineEvent;
import dev.behalf.engine.EngineStop;
import dev.behalf.server.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Has tasks computed and checks the results before anybody is charged for them. */
@Component
public class Computations {

  private final Engines engines;
  private final ApplicationEventPublisher events;

  Computations(Engines engines, ApplicationEventPublisher events) {
    this.engines = engines;
    this.events = events;
  }

  /** An engine failed on valid input. */
  public record EngineFault(
      Environment environment, String operation, UUID jobId, RuntimeException cause) {}

  /**
   * A checked result.
   *
   * @param json the result as JSON
   * @param units what the task costs: the known price, or what the engine reported
   */
  public record Computation(String json, long units, Duration waited, Duration took) {}

  /** Returns the cost of a task in units: the price, or the most that its engine can report. */
  public long units(Task task, Environment environment, UUID jobId) {
    return byEngine(task, environment, jobId, () -> engines.units(task));
  }

  /**
   * Computes a task.
   *
   * @throws Problem if it could not be computed; nothing is to be charged
   */
  public Computation compute(Task task, Work work) {
    return byEngine(
        task,
        work.environment(),
        work.jobId(),
        () -> {
          var computed = engines.run(task, work);
          return new Computation(
              json(task, computed.result()),
              units(task, work, computed.units()),
              computed.waited(),
              computed.took());
        });
  }

  /**
   * Takes a place at the engine of a long operation.
   *
   * @throws Problem {@code busy} or {@code engine_unavailable}
   */
  public Place take(Task task, Work work) {
    return new Place(task, work, engines.take(task, work));
  }

  /** A place for one run, which must be left. */
  public final class Place implements AutoCloseable {

    private final Task task;
    private final Work work;
    private final HttpEngines.Place place;

    private Place(Task task, Work work, HttpEngines.Place place) {
      this.task = task;
      this.work = work;
      this.place = place;
    }

    /**
     * Computes the task and waits for its end.
     *
     * @param listener receives what the engine says before its end, on this thread
     * @throws Problem if it could not be computed, or was stopped
     */
    public Computation compute(Consumer<EngineEvent> listener, EngineStop stop) {
      return byEngine(
          task,
          work.environment(),
          work.jobId(),
          () -> {
            var began = System.nanoTime();
            var done = place.call(listener, stop);
            return new Computation(
                json(task, done.result()),
                units(task, work, done.units()),
                Duration.ZERO,
                Duration.ofNanos(System.nanoTime() - began));
          });
    }

    @Override
    public void close() {
      place.close();
    }
  }

  private static long units(Task task, Work work, OptionalLong reported) {
    return task.operation().definition().units().isMetered()
        ? reported.orElseThrow(() -> new IllegalStateException("The engine reported no units."))
        : work.maxUnits();
  }

  /**
   * Returns the result as JSON. Its size and form are checked before the charge: a retry would make
   * them no better.
   */
  private static String json(Task task, Object result) {
    var definition = task.operation().definition();
    var json = StrictJson.write(result);
    if (json.length > definition.limits().output()) {
      throw Engines.tooLarge(definition.limits().output());
    }
    var output = definition.output();
    if (output != null) {
      var tree = result instanceof JsonNode node ? node : StrictJson.MAPPER.readTree(json);
      output.check(tree).stream()
          .findFirst()
          .ifPresent(
              violation -> {
                throw new IllegalStateException(violation.sentence());
              });
    }
    return new String(json, StandardCharsets.UTF_8);
  }

  /**
   * Runs engine code. An exception on a valid input is a fault of the engine and is reported as
   * one.
   */
  private <T> T byEngine(Task task, Environment environment, UUID jobId, Supplier<T> work) {
    try {
      return work.get();
    } catch (Problem said) {
      throw said;
    } catch (RuntimeException fault) {
      events.publishEvent(new EngineFault(environment, task.name(), jobId, fault));
      throw new Problem(
          ProblemCode.ENGINE_FAILED,
          "Report the id of the job to the operator; nothing was charged.");
    }
  }
}
