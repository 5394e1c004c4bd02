package dev.behalf.compute.jobs;

import dev.behalf.compute.engines.ComputeSlots;
import dev.behalf.compute.engines.Engines;
import dev.behalf.compute.engines.Task;
import dev.behalf.compute.quota.Quota;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.apikeys.KeyHolder;
import dev.behalf.server.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Computes a job once for its user: result, quota use and ledger entry are stored in one
 * transaction, or not at all.
 */
@Component
class ComputeJobs {

  private final Results results;
  private final Engines engines;
  private final Quota quota;
  private final Charges charges;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  ComputeJobs(
      Results results,
      Engines engines,
      Quota quota,
      Charges charges,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.results = results;
    this.engines = engines;
    this.quota = quota;
    this.charges = charges;
    this.events = events;
    this.clock = clock;
  }

  /** A result, with the time spent waiting for a slot, computing, and saving and charging. */
  record Done(SavedResult result, Duration waited, Duration engine, Duration charge) {}

  /**
   * Returns the result of the job, computed now or before.
   *
   * @param originKeyId the id of the user's key that queued the job, as sent by a worker; null if
   *     the caller's own key asks
   */
  Done run(
      KeyHolder holder, UUID jobId, JobPayload payload, Task task, @Nullable String originKeyId) {
    var start = clock.instant();
    try {
      var fingerprint = payload.fingerprint(holder.environment());
      var done = done(holder, jobId, fingerprint, task, originKeyId, start);
      events.publishEvent(event(holder, task, done.result(), start));
      return done;
    } catch (Problem problem) {
      events.publishEvent(new ComputeEvent.Refused(holder.environment(), problem.code().wire()));
      throw problem;
    }
  }

  private Done done(
      KeyHolder holder,
      UUID jobId,
      byte[] fingerprint,
      Task task,
      @Nullable String originKeyId,
      Instant start) {
    var units = byEngine(holder, jobId, task, () -> engines.units(task));
    var charge =
        new PendingCharge(
            holder,
            task.name(),
            task.operation().version(),
            task.isPinned(),
            fingerprint,
            new SavedResult(jobId, "", units, false),
            originKeyId);
    var known = engines.isQuick(task) ? Optional.<ChargeDecision>empty() : known(charge);
    if (known.isPresent()) {
      return new Done(result(known.get()), Duration.ZERO, Duration.ZERO, since(start));
    }
    var origin = holder.isManaged() ? ComputeSlots.Origin.WORKER : ComputeSlots.Origin.DIRECT;
    var computed = byEngine(holder, jobId, task, () -> engines.run(task, origin));
    var began = clock.instant();
    var saved = result(charges.settle(charge.with(json(holder, jobId, task, computed.result()))));
    return new Done(saved, computed.waited(), computed.took(), since(began));
  }

  /**
   * Runs engine code. An exception on a valid payload is a fault of the engine and is reported as
   * one.
   */
  private <T> T byEngine(KeyHolder holder, UUID jobId, Task task, Supplier<T> work) {
    try {
      return work.get();
    } catch (Problem said) {
      throw said;
    } catch (RuntimeException fault) {
      throw failed(holder, jobId, task, fault);
    }
  }

  private Problem failed(KeyHolder holder, UUID jobId, Task task, RuntimeException fault) {
    events.publishEvent(
        new ComputeEvent.EngineFailed(holder.environment(), task.name(), jobId, fault));
    return new Problem(
        ProblemCode.ENGINE_FAILED,
        "Report the id of the job to the operator; nothing was charged.");
  }

  private Duration since(Instant start) {
    return Duration.between(start, clock.instant());
  }

  /**
   * Returns the decision of an earlier call, if any. Refuses a job that is cancelled or could not
   * be charged, before any work is spent on it.
   */
  private Optional<ChargeDecision> known(PendingCharge charge) {
    var earlier = results.find(List.of(charge)).get(charge.ref());
    if (earlier != null) {
      return Optional.of(ChargeDecisions.replay(charge, earlier));
    }
    if (results.cancelled(List.of(charge)).contains(charge.ref())) {
      throw ChargeDecisions.cancelled();
    }
    quota.require(charge.account(), charge.result().units());
    return Optional.empty();
  }

  /**
   * Returns the result as JSON. Its size and form are checked before the charge: a retry would make
   * them no better.
   */
  private String json(KeyHolder holder, UUID jobId, Task task, Object result) {
    var definition = task.operation().definition();
    var json = StrictJson.write(result);
    if (json.length > definition.limits().output()) {
      throw new Problem(
          ProblemCode.RESULT_TOO_LARGE,
          "The result is larger than %,d bytes of JSON: ask for less. Nothing was charged."
              .formatted(definition.limits().output()));
    }
    var output = definition.output();
    if (output != null) {
      output.check(StrictJson.MAPPER.readTree(json)).stream()
          .findFirst()
          .ifPresent(
              violation -> {
                throw failed(holder, jobId, task, new IllegalStateException(violation.sentence()));
              });
    }
    return new String(json, StandardCharsets.UTF_8);
  }

  private static SavedResult result(ChargeDecision decision) {
    return switch (decision) {
      case ChargeDecision.Saved saved -> saved.result();
      case ChargeDecision.Refused refused -> throw refused.problem();
    };
  }

  private ComputeEvent event(KeyHolder holder, Task task, SavedResult saved, Instant start) {
    return saved.replayed()
        ? new ComputeEvent.Replayed(holder.environment(), task.name())
        : new ComputeEvent.Computed(
            holder.environment(),
            task.name(),
            saved.units(),
            Duration.between(start, clock.instant()));
  }
}
