package dev.behalf.web.operators.telemetry;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import dev.behalf.web.identity.accounts.Accounts;
import dev.behalf.web.identity.apikeys.RequestsDropped;
import dev.behalf.web.identity.apikeys.RotationFailed;
import dev.behalf.web.identity.keylookup.KeyLookup;
import dev.behalf.web.site.mail.MailEvent;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.webhooks.WebhookEvent;
import dev.behalf.web.work.jobs.JobEvent;
import dev.behalf.web.work.operations.OperationEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The one place that turns events into metrics and log lines. No metric is tagged by user. */
@Component
class Telemetry {

  private static final Logger log = LoggerFactory.getLogger(Telemetry.class);

  private final MeterRegistry meters;

  private record End(Environment environment, JobState state, String code) {}

  /** Cached meters of every job: a look-up in the registry costs more than an increment. */
  private final Map<End, Counter> settled = new ConcurrentHashMap<>();

  private final Map<Environment, Timer> waits = new ConcurrentHashMap<>();
  private final Map<Environment, Timer> runs = new ConcurrentHashMap<>();

  Telemetry(MeterRegistry meters) {
    this.meters = meters;
  }

  @EventListener
  void on(JobEvent event) {
    switch (event) {
      case JobEvent.Submitted e -> {
        meters
            .counter(
                "behalf.jobs.submitted",
                "environment",
                e.environment().wire(),
                "operation",
                e.operation())
            .increment();
        ofJob(
            e.userId(),
            e.jobId(),
            e.environment(),
            null,
            () -> log.debug("Job submitted: {}", e.operation()));
      }
      case JobEvent.BatchSubmitted e ->
          meters
              .counter(
                  "behalf.jobs.submitted",
                  "environment",
                  e.environment().wire(),
                  "operation",
                  "batch")
              .increment(e.count());
      case JobEvent.Dispatched e -> {
        meters
            .counter("behalf.jobs.dispatched", "environment", e.environment().wire())
            .increment(e.sent());
        if (e.refused() > 0) {
          meters
              .counter("behalf.jobs.dispatch.refused", "environment", e.environment().wire())
              .increment(e.refused());
          log.warn("The broker refused {} jobs; they are queued again", e.refused());
        }
      }
      case JobEvent.DispatchFailed e -> {
        meters.counter("behalf.jobs.dispatch.failed").increment();
        log.warn("Dispatch failed, retrying: {}", e.reason());
      }
      case JobEvent.SuccessNotSaved e -> {
        meters.counter("behalf.jobs.outcomes.not.saved").increment();
        log.error("Job {} was reported as succeeded, but no result is saved; retrying", e.jobId());
      }
      case JobEvent.SettleFailed e -> {
        meters.counter("behalf.jobs.settle.failed").increment();
        log.warn("Outcomes could not be stored, retrying: {}", e.reason());
      }
      case JobEvent.BatchSettled e -> e.events().forEach(this::on);
      case JobEvent.Settled e -> settled(e);
      case JobEvent.Started e -> {
        meters.counter("behalf.jobs.started", "environment", e.environment().wire()).increment();
        record(waits, "behalf.jobs.wait", e.environment(), e.waited());
      }
      case JobEvent.CancelAsked e ->
          ofJob(
              e.userId(), e.jobId(), null, null, () -> log.info("The job's run is asked to stop"));
      case JobEvent.Cancelled e -> {
        meters.counter("behalf.jobs.cancelled").increment();
        ofJob(e.userId(), e.jobId(), null, null, () -> log.info("Job cancelled by its owner"));
      }
      case JobEvent.OutcomeIgnored e -> {
        meters.counter("behalf.jobs.outcomes.ignored").increment();
        ofJob(
            e.userId(),
            e.jobId(),
            null,
            null,
            () -> log.info("Outcome ignored: it changes nothing"));
      }
      case JobEvent.OutcomeRejected e -> {
        meters.counter("behalf.jobs.outcomes.rejected", "reason", e.reason()).increment();
        log.warn("Outcome message rejected: {}", e.reason());
      }
      case JobEvent.Deleted e ->
          meters
              .counter("behalf.jobs.deleted", "environment", e.environment().wire())
              .increment(e.count());
      case JobEvent.LeasesEnded e -> {
        meters.counter("behalf.jobs.leases.ended").increment(e.count());
        log.warn("Leases of {} jobs ended without an outcome; they are queued again", e.count());
      }
    }
  }

  @EventListener
  void on(OperationEvent event) {
    switch (event) {
      case OperationEvent.Applied e ->
          log.info("Operation {} is version {}, from {}", e.name(), e.version(), e.file());
      case OperationEvent.Rejected e -> log.warn("Definition {} skipped: {}", e.file(), e.reason());
    }
  }

  @EventListener
  void on(KeyLookup event) {
    var environment = event.environment() == null ? "none" : event.environment().wire();
    meters
        .counter("behalf.keys.lookups", "environment", environment, "answer", event.answer())
        .increment();
  }

  @EventListener
  void on(WebhookEvent event) {
    switch (event) {
      case WebhookEvent.Attempted e -> {
        meters
            .timer(
                "behalf.webhooks.attempts",
                "environment",
                e.environment().wire(),
                "outcome",
                e.outcome())
            .record(e.took());
        ofUser(
            e.userId(),
            e.environment(),
            () ->
                log.debug(
                    "Webhook {}, delivery {}: {}", e.endpointId(), e.deliveryId(), e.outcome()));
      }
      case WebhookEvent.GivenUp e -> {
        meters
            .counter("behalf.webhooks.given.up", "environment", e.environment().wire())
            .increment();
        ofUser(
            e.userId(),
            e.environment(),
            () -> log.info("Webhook {}, delivery {} given up", e.endpointId(), e.deliveryId()));
      }
      case WebhookEvent.Disabled e -> {
        meters
            .counter(
                "behalf.webhooks.disabled",
                "environment",
                e.environment().wire(),
                "reason",
                e.reason().wire())
            .increment();
        ofUser(
            e.userId(),
            e.environment(),
            () -> log.info("Webhook {} disabled: {}", e.endpointId(), e.reason().wire()));
      }
      case WebhookEvent.Disturbed e -> {
        meters.counter("behalf.webhooks.disturbed").increment();
        log.warn("Webhook dispatch failed, retrying: {}", e.reason());
      }
    }
  }

  @EventListener
  void on(MailEvent event) {
    switch (event) {
      case MailEvent.Stored e -> {} // counted once it is sent
      case MailEvent.Sent e -> count(e.kind(), "sent");
      case MailEvent.Shown e -> {
        count(e.kind(), "shown");
        log.info("Mail {} ({}): no mail server, see /ops/mails", e.id(), e.kind().wire());
      }
      case MailEvent.AttemptFailed e -> {
        count(e.kind(), "failed");
        log.warn("Mail {} ({}) not sent, trying again: {}", e.id(), e.kind().wire(), e.reason());
      }
      case MailEvent.Disturbed e -> log.warn("Mails cannot be read, retrying: {}", e.reason());
      case MailEvent.GivenUp e -> {
        count(e.kind(), "given_up");
        log.warn("Mail {} ({}) given up", e.id(), e.kind().wire());
      }
    }
  }

  private void count(MailKind kind, String outcome) {
    meters.counter("behalf.mails", "kind", kind.wire(), "outcome", outcome).increment();
  }

  @EventListener
  void on(RotationFailed event) {
    meters.counter("behalf.keys.rotations.failed").increment();
    log.error("Rotation of key {} failed", event.keyId(), event.cause());
  }

  @EventListener
  void on(RequestsDropped event) {
    meters.counter("behalf.keys.requests.dropped").increment((double) event.count());
    log.warn("{} requests are missing from the request log of keys", event.count());
  }

  @EventListener
  void on(Accounts.SignedUp event) {
    meters.counter("behalf.accounts.signed.up").increment();
  }

  @EventListener
  void on(Accounts.Deleted event) {
    meters.counter("behalf.accounts.deleted").increment();
  }

  private void settled(JobEvent.Settled event) {
    settled
        .computeIfAbsent(
            new End(event.environment(), event.state(), String.valueOf(event.code())),
            this::settledAs)
        .increment();
    record(waits, "behalf.jobs.wait", event.environment(), event.waited());
    record(runs, "behalf.jobs.run", event.environment(), event.ran());
    if (event.code() != null) {
      ofJob(
          event.userId(),
          event.jobId(),
          event.environment(),
          event.keyId(),
          () -> log.info("Job {}: {}", event.state().wire(), event.code()));
    }
  }

  private Counter settledAs(End end) {
    return meters.counter(
        "behalf.jobs.settled",
        "environment",
        end.environment().wire(),
        "state",
        end.state().wire(),
        "code",
        end.code().equals("null") ? "none" : end.code());
  }

  private void record(
      Map<Environment, Timer> timers,
      String name,
      Environment environment,
      @Nullable Duration time) {
    // The clocks of two machines may differ by more than a job takes.
    if (time != null && !time.isNegative()) {
      timers
          .computeIfAbsent(environment, e -> meters.timer(name, "environment", e.wire()))
          .record(time);
    }
  }

  private static void ofUser(UUID userId, Environment environment, Runnable line) {
    try (var user = MDC.putCloseable("user_id", userId.toString());
        var world = MDC.putCloseable("environment", environment.wire())) {
      line.run();
    }
  }

  /** Logs a line with the job's id, user, environment and key, the last two if known. */
  private static void ofJob(
      UUID userId,
      UUID jobId,
      @Nullable Environment environment,
      @Nullable String keyId,
      Runnable line) {
    try (var user = MDC.putCloseable("user_id", userId.toString());
        var job = MDC.putCloseable("job_id", jobId.toString());
        var world = MDC.putCloseable("environment", environment == null ? "" : environment.wire());
        var key = MDC.putCloseable("key_id", keyId == null ? "" : keyId)) {
      line.run();
    }
  }
}
