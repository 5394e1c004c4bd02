package dev.behalf.worker.telemetry;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobOutcome;
import dev.behalf.worker.consume.WorkerEvent;
import dev.behalf.worker.secrets.KeyLookedUp;
import dev.behalf.worker.secrets.SecretLookup;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Turns the worker's events into metrics and log lines. Metrics are never tagged by user. */
@Component
class Telemetry {

  private static final Logger log = LoggerFactory.getLogger(Telemetry.class);

  private final MeterRegistry meters;

  private record Kind(Environment environment, String verdict) {}

  /** Cached, because a look-up in the registry costs more than recording. */
  private final Map<Kind, Timer> runs = new ConcurrentHashMap<>();

  Telemetry(MeterRegistry meters) {
    this.meters = meters;
  }

  @EventListener
  void on(WorkerEvent event) {
    switch (event) {
      case WorkerEvent.Finished e -> finished(e);
      case WorkerEvent.Rejected e -> {
        meters.counter("behalf.worker.dead.letters", "reason", e.reason()).increment();
        log.warn("Message dead-lettered: {}", e.reason());
      }
      case WorkerEvent.Requeued e -> {
        meters.counter("behalf.worker.given.back").increment();
        log.warn("Message requeued at the broker: {}", e.reason());
      }
      case WorkerEvent.SubscriptionLost e ->
          log.warn("Subscription to {} lost, retrying: {}", e.queue(), e.reason());
    }
  }

  @EventListener
  void on(KeyLookedUp event) {
    var answer =
        switch (event.answer()) {
          case SecretLookup.Found found -> "found";
          case SecretLookup.NoKey none -> "no_key";
          case SecretLookup.NotInFlight late -> "not_in_flight";
          case SecretLookup.Unreachable unreachable -> "unreachable";
        };
    meters
        .counter(
            "behalf.worker.lookups", "environment", event.environment().wire(), "answer", answer)
        .increment();
    log.info("Look-up of the user's key: {}", answer);
  }

  private void finished(WorkerEvent.Finished event) {
    var outcome = event.outcome();
    var verdict =
        switch (outcome.verdict()) {
          case JobOutcome.Started started -> "started";
          case JobOutcome.Succeeded succeeded -> "succeeded";
          case JobOutcome.Failed failed -> {
            log.info("Attempt {} failed, with no retry: {}", outcome.attempt(), failed.code());
            yield "failed";
          }
          case JobOutcome.Deferred deferred -> {
            log.info("Attempt {} deferred for retry: {}", outcome.attempt(), deferred.detail());
            yield "deferred";
          }
        };
    runs.computeIfAbsent(new Kind(outcome.environment(), verdict), this::runsOf)
        .record(event.took());
  }

  private Timer runsOf(Kind kind) {
    return meters.timer(
        "behalf.worker.run", "environment", kind.environment().wire(), "verdict", kind.verdict());
  }
}
