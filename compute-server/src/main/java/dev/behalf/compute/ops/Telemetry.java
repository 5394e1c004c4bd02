package dev.behalf.compute.ops;

import dev.behalf.compute.jobs.ComputeEvent;
import dev.behalf.keyauth.KeyCheck;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The one place where what happens becomes a figure or a line. Figures are never tagged by user.
 */
@Component
class Telemetry {

  private static final Logger log = LoggerFactory.getLogger(Telemetry.class);

  private final MeterRegistry meters;

  Telemetry(MeterRegistry meters) {
    this.meters = meters;
  }

  @EventListener
  void on(ComputeEvent event) {
    switch (event) {
      case ComputeEvent.Computed e -> {
        meters
            .timer(
                "behalf.compute.run",
                "environment",
                e.environment().wire(),
                "operation",
                e.operation())
            .record(e.took());
        meters
            .counter("behalf.compute.units", "environment", e.environment().wire())
            .increment((double) e.units());
        log.debug("computed {} for {} units", e.operation(), e.units());
      }
      case ComputeEvent.Replayed e -> {
        meters.counter("behalf.compute.replays", "environment", e.environment().wire()).increment();
        log.info("replayed {}: it was saved before", e.operation());
      }
      case ComputeEvent.Refused e -> {
        meters
            .counter(
                "behalf.compute.refusals", "environment", e.environment().wire(), "code", e.code())
            .increment();
        log.info("refused: {}", e.code());
      }
    }
  }

  @EventListener
  void on(KeyCheck check) {
    switch (check) {
      case KeyCheck.Accepted accepted ->
          meters
              .counter(
                  "behalf.keys.accepted", "environment", accepted.holder().environment().wire())
              .increment();
      case KeyCheck.Refused refused -> {
        var environment = refused.environment() == null ? "none" : refused.environment().wire();
        meters
            .counter(
                "behalf.keys.refused",
                "environment",
                environment,
                "reason",
                refused.reason().wire())
            .increment();
        log.info("key {} refused: {}", refused.keyId(), refused.reason().wire());
      }
    }
  }
}
