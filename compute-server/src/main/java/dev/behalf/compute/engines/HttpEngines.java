package dev.behalf.compute.engines;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.engine.EngineAnswer;
import dev.behalf.engine.EngineCall;
import dev.behalf.engine.EngineClient;
import dev.behalf.engine.EngineSecret;
import dev.behalf.operation.Engine;
import dev.behalf.operation.Limits;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Has tasks computed by engines that are called by HTTP. */
@Component
class HttpEngines {

  private final EngineClient client;
  private final EngineSecrets secrets;
  private final EngineHealth health;

  /** The calls under way of each operation in this replica, of workers and of users directly. */
  private final Map<String, Places> places = new ConcurrentHashMap<>();

  HttpEngines(EngineClient client, EngineSecrets secrets, EngineHealth health) {
    this.client = client;
    this.secrets = secrets;
    this.health = health;
  }

  /**
   * The places of an operation at its engine.
   *
   * @param atOnce the limit that they were made for
   * @param ofDirectCalls a part of all places: direct calls do not pass through the fair queue
   */
  private record Places(int atOnce, Semaphore all, Semaphore ofDirectCalls) {
    static Places of(int atOnce) {
      return new Places(atOnce, new Semaphore(atOnce), new Semaphore(Math.max(1, atOnce / 2)));
    }
  }

  /**
   * Calls the engine.
   *
   * @throws Problem that says what the engine's answer means for the job
   */
  EngineAnswer.Done run(Task task, Engine.Http engine, Work work) {
    var limits = task.operation().definition().limits();
    var server = engine.server();
    health
        .open(server)
        .ifPresent(
            rest -> {
              throw unavailable(rest);
            });
    var secret = secret(engine, server);
    var mine = places(task.name(), limits);
    if (!work.isOfWorker() && !mine.ofDirectCalls().tryAcquire()) {
      throw busy(null);
    }
    try {
      if (!mine.all().tryAcquire()) {
        throw busy(null);
      }
      try {
        return done(server, client.call(call(task, engine, work, limits, secret), event -> {}));
      } finally {
        mine.all().release();
      }
    } finally {
      if (!work.isOfWorker()) {
        mine.ofDirectCalls().release();
      }
    }
  }

  /** Returns the places of an operation, anew after a version with another limit. */
  private Places places(String operation, Limits limits) {
    return places.compute(
        operation,
        (same, known) ->
            known == null || known.atOnce() != limits.atOnce()
                ? Places.of(limits.atOnce())
                : known);
  }

  private @Nullable EngineSecret secret(Engine.Http engine, String server) {
    if (engine.secret() == null) {
      return null;
    }
    return secrets
        .find(engine.secret())
        .orElseThrow(
            () -> {
              health.unusable(server, "The secret \"" + engine.secret() + "\" is missing.");
              return unavailable(null);
            });
  }

  private static EngineCall call(
      Task task, Engine.Http engine, Work work, Limits limits, @Nullable EngineSecret secret) {
    return new EngineCall(
        engine.address(),
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
        secret,
        work.jobToken(),
        work.traceparent());
  }

  private EngineAnswer.Done done(String server, EngineAnswer answer) {
    note(server, answer);
    return switch (answer) {
      case EngineAnswer.Done done -> done;
      case EngineAnswer.Refused refused ->
          throw new Problem(ProblemCode.ENGINE_REFUSED, refused.code() + ": " + refused.detail());
      case EngineAnswer.TooLarge large -> throw Engines.tooLarge(large.limit());
      case EngineAnswer.Busy busy -> throw busy(busy.after());
      case EngineAnswer.Unusable unusable -> throw unavailable(health.open(server).orElse(null));
      case EngineAnswer.Failed failed ->
          throw new Problem(
              failed.isLost() ? ProblemCode.ENGINE_LOST : ProblemCode.ENGINE_FAILED,
              failed.reason() + " Nothing was charged.");
    };
  }

  private void note(String server, EngineAnswer answer) {
    switch (answer) {
      case EngineAnswer.Unusable unusable -> health.unusable(server, unusable.reason());
      case EngineAnswer.Failed failed -> health.failed(server, failed.reason());
      case EngineAnswer.Done done -> health.answered(server);
      case EngineAnswer.Refused refused -> health.answered(server);
      case EngineAnswer.TooLarge large -> health.answered(server);
      case EngineAnswer.Busy busy -> health.answered(server);
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
