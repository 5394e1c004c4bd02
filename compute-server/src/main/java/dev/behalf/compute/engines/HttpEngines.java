package dev.behalf.compute.engines;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.engine.Endpoint;
import dev.behalf.engine.EngineAnswer;
import dev.behalf.engine.EngineCall;
import dev.behalf.engine.EngineClient;
import dev.behalf.engine.EngineEvent;
import dev.behalf.engine.EngineSecret;
import dev.behalf.engine.EngineStop;
import dev.behalf.operation.Engine;
import dev.behalf.operation.Limits;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.operations.OperationCatalogue;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Has tasks computed by engines that are called by HTTP. */
@Component
class HttpEngines {

  private final EngineClient client;
  private final EngineSecrets secrets;
  private final EngineHealth health;
  private final Function<String, Optional<Operation>> newest;

  /** The calls under way of each operation in this replica. */
  private final Map<String, Running> running = new ConcurrentHashMap<>();

  @Autowired
  HttpEngines(
      EngineClient client,
      EngineSecrets secrets,
      EngineHealth health,
      OperationCatalogue operations) {
    this(client, secrets, health, operations::newest);
  }

  HttpEngines(
      EngineClient client,
      EngineSecrets secrets,
      EngineHealth health,
      Function<String, Optional<Operation>> newest) {
    this.client = client;
    this.secrets = secrets;
    this.health = health;
    this.newest = newest;
  }

  /** Counts the calls of an operation, of workers and of users directly. */
  private static final class Running {
    private int calls;
    private int direct;

    /** Takes a place; direct calls, which no fair queue orders, get at most half of all places. */
    synchronized boolean take(int atOnce, boolean isDirect) {
      if (calls >= atOnce || (isDirect && direct >= atOnce / 2)) {
        return false;
      }
      calls++;
      direct += isDirect ? 1 : 0;
      return true;
    }

    synchronized void leave(boolean isDirect) {
      calls--;
      direct -= isDirect ? 1 : 0;
    }
  }

  /** A place at an engine: one call can be made, and then the place must be left. */
  final class Place implements AutoCloseable {

    private final Task task;
    private final Engine.Remote engine;
    private final Work work;
    private final @Nullable EngineSecret secret;
    private final Running running;

    private Place(
        Task task,
        Engine.Remote engine,
        Work work,
        @Nullable EngineSecret secret,
        Running running) {
      this.task = task;
      this.engine = engine;
      this.work = work;
      this.secret = secret;
      this.running = running;
    }

    /**
     * Calls the engine.
     *
     * @throws Problem that says what the engine's answer means for the job
     */
    EngineAnswer.Done call(Consumer<EngineEvent> listener, EngineStop stop) {
      var began = System.nanoTime();
      var limits = task.operation().definition().limits();
      var heard = new AtomicBoolean();
      var answer =
          client.call(
              HttpEngines.call(task, work, limits, secret),
              event -> {
                // A run of hours shows at its beginning that its engine answers.
                if (heard.compareAndSet(false, true)) {
                  health.answered(engine.server());
                }
                listener.accept(event);
              },
              stop);
      note(engine.server(), work, answer, Duration.ofNanos(System.nanoTime() - began));
      return done(engine.server(), answer);
    }

    @Override
    public void close() {
      running.leave(!work.isOfWorker());
    }
  }

  /**
   * Takes a place at the engine of a task.
   *
   * @throws Problem {@code busy} or {@code engine_unavailable}
   */
  Place take(Task task, Engine.Remote engine, Work work) {
    switch (health.circuit(engine.server())) {
      case EngineHealth.Circuit.Closed closed -> {}
      case EngineHealth.Circuit.Open open -> throw unavailable(open.rest());
      case EngineHealth.Circuit.OnTrial onTrial -> {
        // Jobs come one by one, in turn over the users; direct calls would not.
        if (!work.isOfWorker()) {
          throw unavailable(null);
        }
      }
    }
    var secret = secret(engine);
    var places = running.computeIfAbsent(task.name(), same -> new Running());
    if (!places.take(atOnce(task), !work.isOfWorker())) {
      throw busy(null);
    }
    return new Place(task, engine, work, secret, places);
  }

  /** Returns the limit of the newest version: jobs of all versions share the engine. */
  private int atOnce(Task task) {
    return newest.apply(task.name()).orElse(task.operation()).definition().limits().atOnce();
  }

  private @Nullable EngineSecret secret(Engine.Remote engine) {
    if (engine.secret() == null) {
      return null;
    }
    return (switch (engine) {
          case Engine.Http http -> secrets.signing(engine.secret());
          case Engine.Chat chat -> secrets.ofChat(engine.secret());
        })
        .orElseThrow(
            () -> {
              health.remark(
                  engine.server(),
                  "The secret \"%s\" is missing, or cannot be used: see docs/engines.md."
                      .formatted(engine.secret()));
              return unavailable(null);
            });
  }

  private static EngineCall call(
      Task task, Work work, Limits limits, @Nullable EngineSecret secret) {
    return new EngineCall(
        Endpoint.of(
            task.operation().definition(), task.input(), work.maxUnits(), secret, work.jobToken()),
        work.jobId(),
        UUID.randomUUID(),
        work.userId(),
        work.environment(),
        task.name() + "@" + task.operation().version(),
        work.attempt(),
        work.maxUnits(),
        StrictJson.write(task.input()),
        limits.runWithin(),
        limits.silence(),
        limits.output(),
        work.traceparent());
  }

  private EngineAnswer.Done done(String server, EngineAnswer answer) {
    return switch (answer) {
      case EngineAnswer.Done done -> done;
      case EngineAnswer.Refused refused ->
          throw new Problem(ProblemCode.ENGINE_REFUSED, refused.code() + ": " + refused.detail());
      case EngineAnswer.TooLarge large -> throw Engines.tooLarge(large.limit());
      case EngineAnswer.Busy busy -> throw busy(busy.after());
      case EngineAnswer.Stopped stopped -> throw Problem.unavailable();
      case EngineAnswer.Unusable unusable -> throw unavailable(rest(server));
      case EngineAnswer.Failed failed ->
          throw new Problem(
              failed.isLost() ? ProblemCode.ENGINE_LOST : ProblemCode.ENGINE_FAILED,
              (failed.reason() + " " + failed.detail()).strip() + " Nothing was charged.");
    };
  }

  private @Nullable Duration rest(String server) {
    return health.circuit(server) instanceof EngineHealth.Circuit.Open open ? open.rest() : null;
  }

  private void note(String server, Work work, EngineAnswer answer, Duration took) {
    switch (answer) {
      case EngineAnswer.Unusable unusable ->
          failed(server, work, unusable.isUnreachable(), took, unusable.reason());
      case EngineAnswer.Failed failed -> failed(server, work, false, took, failed.reason());
      case EngineAnswer.Stopped stopped -> {}
      case EngineAnswer.Done done -> health.answered(server);
      case EngineAnswer.Refused refused -> health.answered(server);
      case EngineAnswer.TooLarge large -> health.answered(server);
      case EngineAnswer.Busy busy -> health.answered(server);
    }
  }

  /** Counts only what live jobs show, unless nobody can reach the engine: see promises 6 and 7. */
  private void failed(
      String server, Work work, boolean isUnreachable, Duration took, String reason) {
    if (isUnreachable || (work.isOfWorker() && work.environment() == Environment.LIVE)) {
      health.failed(server, new EngineHealth.Failure(work.userId(), isUnreachable, took, reason));
    } else {
      health.remark(server, reason);
    }
  }

  private static Problem busy(@Nullable Duration after) {
    var problem =
        new Problem(ProblemCode.BUSY, "The engine of this operation is busy: ask again later.");
    return after == null
        ? problem.with("Retry-After", "1")
        : problem.with("Retry-After", seconds(after));
  }

  private static Problem unavailable(@Nullable Duration rest) {
    return new Problem(
            ProblemCode.ENGINE_UNAVAILABLE,
            "The engine of this operation cannot be reached: the operator can see why.")
        .with("Retry-After", rest == null ? "5" : seconds(rest));
  }

  private static String seconds(Duration wait) {
    return String.valueOf(Math.clamp(wait.toSeconds() + 1, 1, 99_999));
  }
}
