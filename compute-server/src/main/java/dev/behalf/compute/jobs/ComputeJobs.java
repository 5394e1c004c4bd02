package dev.behalf.compute.jobs;

import dev.behalf.compute.charges.ChargeDecision;
import dev.behalf.compute.charges.Charges;
import dev.behalf.compute.charges.HeldCharges;
import dev.behalf.compute.charges.HoldDecision;
import dev.behalf.compute.charges.PendingCharge;
import dev.behalf.compute.charges.Results;
import dev.behalf.compute.charges.SavedResult;
import dev.behalf.compute.engines.Computations;
import dev.behalf.compute.engines.Engines;
import dev.behalf.compute.engines.Task;
import dev.behalf.compute.engines.Work;
import dev.behalf.compute.quota.Holds;
import dev.behalf.compute.quota.Quota;
import dev.behalf.compute.runs.Runs;
import dev.behalf.contract.JobPayload;
import dev.behalf.server.apikeys.KeyHolder;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Computes a job once for its user: result, quota use and ledger entry are stored in one
 * transaction, or not at all.
 */
@Component
class ComputeJobs {

  private final Results results;
  private final Engines engines;
  private final Computations computations;
  private final Quota quota;
  private final Charges charges;
  private final HeldCharges heldCharges;
  private final Runs runs;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  ComputeJobs(
      Results results,
      Engines engines,
      Computations computations,
      Quota quota,
      Charges charges,
      HeldCharges heldCharges,
      Runs runs,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.results = results;
    this.engines = engines;
    this.computations = computations;
    this.quota = quota;
    this.charges = charges;
    this.heldCharges = heldCharges;
    this.runs = runs;
    this.events = events;
    this.clock = clock;
  }

  /** How long a hold outlasts the longest run, if its server is lost. */
  private static final Duration AFTER_THE_RUN = Duration.ofSeconds(10);

  /**
   * What a caller says of a job beside its payload.
   *
   * @param originKeyId the id of the user's key that queued the job, as sent by a worker; null if
   *     the caller's own key asks
   * @param jobToken the token for the engine's audience, as sent by a worker; null for none
   */
  record Call(
      @Nullable String originKeyId,
      int attempt,
      @Nullable String jobToken,
      @Nullable String traceparent) {

    @Override
    public String toString() {
      return "attempt " + attempt;
    }
  }

  /** What a call brings. */
  sealed interface Answer {}

  /** A result, with the time spent waiting for a slot, computing, and saving and charging. */
  record Done(SavedResult result, Duration waited, Duration engine, Duration charge)
      implements Answer {}

  /** The work goes on after the call. */
  record Started() implements Answer {}

  /**
   * Returns the result of the job, computed now or before, or starts a long one.
   *
   * @param call what the caller says of the job beside its payload
   */
  Answer run(KeyHolder holder, UUID jobId, JobPayload payload, Task task, Call call) {
    var start = clock.instant();
    try {
      var answer = answer(holder, jobId, payload, task, call);
      if (answer instanceof Done done) {
        events.publishEvent(event(holder, task, done.result(), start));
      }
      return answer;
    } catch (Problem problem) {
      events.publishEvent(new ComputeEvent.Refused(holder.environment(), problem.code().wire()));
      throw problem;
    }
  }

  /** As {@link #run}, but reports no event. */
  Answer answer(KeyHolder holder, UUID jobId, JobPayload payload, Task task, Call call) {
    var start = clock.instant();
    engines.requireJob(task, holder.isManaged(), call.jobToken());
    var units = computations.units(task, holder.environment(), jobId);
    var charge =
        new PendingCharge(
            holder,
            task.name(),
            task.operation().version(),
            task.isPinned(),
            payload.fingerprint(holder.environment()),
            new SavedResult(jobId, "", units, false),
            call.originKeyId());
    var work = work(holder, jobId, units, call);
    if (task.operation().definition().isLong()) {
      return started(charge, task, work);
    }
    if (task.operation().definition().units().isMetered()) {
      return metered(charge, task, work);
    }
    var known = engines.isQuick(task) ? Optional.<ChargeDecision>empty() : known(charge);
    if (known.isPresent()) {
      return new Done(result(known.get()), Duration.ZERO, Duration.ZERO, since(start));
    }
    var computed = computations.compute(task, work);
    var began = clock.instant();
    var saved = result(charges.settle(charge.with(computed.json())));
    return new Done(saved, computed.waited(), computed.took(), since(began));
  }

  private Answer started(PendingCharge greatest, Task task, Work work) {
    return switch (runs.start(greatest, task, work)) {
      case Runs.Answer.Started started -> new Started();
      case Runs.Answer.Decided decided ->
          new Done(result(decided.decision()), Duration.ZERO, Duration.ZERO, Duration.ZERO);
    };
  }

  private static Work work(KeyHolder holder, UUID jobId, long units, Call call) {
    return new Work(
        jobId,
        holder.userId(),
        holder.environment(),
        call.attempt(),
        units,
        holder.isManaged(),
        call.jobToken(),
        call.traceparent());
  }

  /** Computes a job while its greatest cost is held, and charges what the engine reports. */
  private Done metered(PendingCharge greatest, Task task, Work work) {
    var limits = task.operation().definition().limits();
    return switch (heldCharges.hold(greatest, limits.runWithin().plus(AFTER_THE_RUN))) {
      case HoldDecision.Decided decided ->
          new Done(result(decided.decision()), Duration.ZERO, Duration.ZERO, Duration.ZERO);
      case HoldDecision.Held held -> metered(held.hold(), greatest, task, work);
    };
  }

  private Done metered(Holds.Hold hold, PendingCharge greatest, Task task, Work work) {
    try {
      var computed = computations.compute(task, work);
      var began = clock.instant();
      var saved =
          result(heldCharges.settle(hold, greatest.with(computed.json(), computed.units())));
      return new Done(saved, computed.waited(), computed.took(), since(began));
    } catch (RuntimeException failed) {
      release(hold, failed);
      throw failed;
    }
  }

  private void release(Holds.Hold hold, RuntimeException failed) {
    try {
      heldCharges.release(hold);
    } catch (DataAccessException | TransactionException databaseAway) {
      // The hold ends with its lease.
      failed.addSuppressed(databaseAway);
    }
  }

  private Duration since(Instant start) {
    return Duration.between(start, clock.instant());
  }

  /**
   * Returns the decision on a job that has ended, if it has. Refuses one that could not be charged,
   * before any work is spent on it.
   */
  private Optional<ChargeDecision> known(PendingCharge charge) {
    var known = results.decided(charge);
    if (known.isPresent()) {
      return known;
    }
    quota.require(charge.account(), charge.result().units());
    return Optional.empty();
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
