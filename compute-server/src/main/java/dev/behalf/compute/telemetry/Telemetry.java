package dev.behalf.compute.telemetry;

import dev.behalf.compute.charges.ChargeEvent;
import dev.behalf.compute.engines.Computations;
import dev.behalf.compute.engines.EngineServerEvent;
import dev.behalf.compute.jobs.ComputeEvent;
import dev.behalf.compute.runs.RunEvent;
import dev.behalf.contract.Environment;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Turns events into meters and log lines, in one place. No meter is tagged by user. */
@Component
class Telemetry {

  private static final Logger log = LoggerFactory.getLogger(Telemetry.class);

  private final MeterRegistry meters;

  private record Kind(Environment environment, String operation) {}

  /**
   * The meters of every call, cached because a lookup in the registry costs more than the update.
   */
  private final Map<Kind, Timer> runs = new ConcurrentHashMap<>();

  private final Map<Environment, Counter> units = new ConcurrentHashMap<>();

  Telemetry(MeterRegistry meters) {
    this.meters = meters;
  }

  @EventListener
  void on(ComputeEvent event) {
    switch (event) {
      case ComputeEvent.Computed e -> computed(e);
      case ComputeEvent.Replayed e -> {
        meters.counter("behalf.compute.replays", "environment", e.environment().wire()).increment();
        log.info("Saved result of {} returned again", e.operation());
      }
      case ComputeEvent.Refused e -> {
        meters
            .counter(
                "behalf.compute.refusals", "environment", e.environment().wire(), "code", e.code())
            .increment();
        log.info("Request refused: {}", e.code());
      }
    }
  }

  @EventListener
  void on(Computations.EngineFault fault) {
    meters
        .counter(
            "behalf.compute.engine.faults",
            "environment",
            fault.environment().wire(),
            "operation",
            fault.operation())
        .increment();
    log.error("Operation {} failed on job {}", fault.operation(), fault.jobId(), fault.cause());
  }

  @EventListener
  void on(ChargeEvent event) {
    switch (event) {
      case ChargeEvent.HoldLapsed e -> {
        meters
            .counter("behalf.compute.holds.lapsed", "environment", e.environment().wire())
            .increment();
        log.warn("The hold of job {} ({}) ended with its lease", e.jobId(), e.operation());
      }
      case ChargeEvent.ReportedAboveHold e -> {
        meters
            .counter(
                "behalf.compute.reports.above.hold",
                "environment",
                e.environment().wire(),
                "operation",
                e.operation())
            .increment();
        log.warn(
            "Operation {} reported {} units for job {}; {} were held and are charged",
            e.operation(),
            e.reported(),
            e.jobId(),
            e.held());
      }
    }
  }

  @EventListener
  void on(RunEvent event) {
    switch (event) {
      case RunEvent.Started e ->
          log.info("Run {} of job {} ({}) began", e.epoch(), e.jobId(), e.operation());
      case RunEvent.Ended e -> {
        meters
            .timer(
                "behalf.compute.runs",
                "environment",
                e.environment().wire(),
                "operation",
                e.operation(),
                "end",
                e.how())
            .record(e.took());
        log.info("The run of job {} ({}) ended: {}", e.jobId(), e.operation(), e.how());
      }
      case RunEvent.Lost e -> {
        meters
            .counter("behalf.compute.runs.lost", "environment", e.environment().wire())
            .increment();
        log.warn("The server that ran job {} ({}) was lost", e.jobId(), e.operation());
      }
      case RunEvent.Discarded e ->
          log.warn("The outcome of job {} ({}) is discarded", e.jobId(), e.operation());
      case RunEvent.NotStored e ->
          log.warn("The end of job {} is not stored yet: {}", e.jobId(), e.reason());
    }
  }

  @EventListener
  void on(EngineServerEvent event) {
    switch (event) {
      case EngineServerEvent.Opened e -> {
        meters.counter("behalf.compute.engine.circuits.opened", "server", e.server()).increment();
        log.warn("Engine {} is not called until {}: {}", e.server(), e.until(), e.reason());
      }
      case EngineServerEvent.Closed e -> log.info("Engine {} answers again", e.server());
    }
  }

  private void computed(ComputeEvent.Computed event) {
    var kind = new Kind(event.environment(), event.operation());
    runs.computeIfAbsent(kind, this::runsOf).record(event.took());
    units.computeIfAbsent(event.environment(), this::unitsIn).increment((double) event.units());
  }

  private Timer runsOf(Kind kind) {
    return meters.timer(
        "behalf.compute.run",
        "environment",
        kind.environment().wire(),
        "operation",
        kind.operation());
  }

  private Counter unitsIn(Environment environment) {
    return meters.counter("behalf.compute.units", "environment", environment.wire());
  }
}
