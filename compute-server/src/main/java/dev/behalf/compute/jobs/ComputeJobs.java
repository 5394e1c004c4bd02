package dev.behalf.compute.jobs;

import dev.behalf.compute.engines.Engines;
import dev.behalf.compute.ledger.Ledger;
import dev.behalf.compute.quota.KeyCaps;
import dev.behalf.compute.quota.Quota;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.keyauth.KeyHolder;
import dev.behalf.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Computes a job once for its user: result, quota and ledger in one transaction, or nothing of it.
 */
@Component
class ComputeJobs {

  private final Results results;
  private final Engines engines;
  private final Quota quota;
  private final Ledger ledger;
  private final KeyCaps caps;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  ComputeJobs(
      Results results,
      Engines engines,
      Quota quota,
      Ledger ledger,
      KeyCaps caps,
      TransactionTemplate transaction,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.results = results;
    this.engines = engines;
    this.quota = quota;
    this.ledger = ledger;
    this.caps = caps;
    this.transaction = transaction;
    this.events = events;
    this.clock = clock;
  }

  /**
   * The result of the job, computed now or before.
   *
   * @param originKeyId of the key that asked a worker for it, if one did; else the key itself asks
   */
  SavedResult run(KeyHolder holder, UUID jobId, JobPayload payload, @Nullable String originKeyId) {
    var start = clock.instant();
    try {
      var fingerprint = fingerprint(holder, payload);
      var saved =
          replay(holder, jobId, fingerprint)
              .orElseGet(() -> compute(holder, jobId, payload, fingerprint, originKeyId));
      events.publishEvent(event(holder, payload, saved, start));
      return saved;
    } catch (Problem problem) {
      events.publishEvent(new ComputeEvent.Refused(holder.environment(), problem.code().wire()));
      throw problem;
    }
  }

  private SavedResult compute(
      KeyHolder holder,
      UUID jobId,
      JobPayload payload,
      byte[] fingerprint,
      @Nullable String originKeyId) {
    var units = engines.units(payload);
    quota.require(holder.userId(), holder.environment(), units);
    var json = new String(StrictJson.write(engines.run(payload)), StandardCharsets.UTF_8);
    var result = new SavedResult(jobId, json, units, false);
    try {
      return Objects.requireNonNull(
          transaction.execute(
              status -> save(holder, operation(payload), fingerprint, result, originKeyId)));
    } catch (DataIntegrityViolationException userIsGone) {
      throw new Problem(ProblemCode.KEY_INVALID, "The account of this key was deleted.");
    }
  }

  private SavedResult save(
      KeyHolder holder,
      String operation,
      byte[] fingerprint,
      SavedResult result,
      @Nullable String originKeyId) {
    if (!results.insert(holder.userId(), holder.environment(), operation, fingerprint, result)) {
      return replay(holder, result.jobId(), fingerprint).orElseThrow();
    }
    var period = quota.period();
    ledger.append(
        holder.userId(),
        result.jobId(),
        holder.environment(),
        period.name(),
        result.units(),
        holder.keyId());
    caps.charge(holder, originKeyId, result.units());
    // Last, because the user's quota row stays locked from here to the commit.
    quota.charge(holder.userId(), holder.environment(), period, result.units());
    return result;
  }

  private Optional<SavedResult> replay(KeyHolder holder, UUID jobId, byte[] fingerprint) {
    return results
        .find(holder.userId(), jobId, fingerprint)
        .map(
            found -> {
              if (!found.samePayload()) {
                throw new Problem(
                    ProblemCode.JOB_ID_REUSED,
                    "Take a new id: this one has a result for another input or environment.");
              }
              return found.saved();
            });
  }

  private ComputeEvent event(
      KeyHolder holder, JobPayload payload, SavedResult saved, Instant start) {
    return saved.replayed()
        ? new ComputeEvent.Replayed(holder.environment(), operation(payload))
        : new ComputeEvent.Computed(
            holder.environment(),
            operation(payload),
            saved.units(),
            Duration.between(start, clock.instant()));
  }

  private static String operation(JobPayload payload) {
    return Objects.requireNonNull(payload.operation());
  }

  /** The same job is the same input in the same environment. */
  private static byte[] fingerprint(KeyHolder holder, JobPayload payload) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(holder.environment().wire().getBytes(StandardCharsets.US_ASCII));
      return digest.digest(StrictJson.write(payload));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }
}
