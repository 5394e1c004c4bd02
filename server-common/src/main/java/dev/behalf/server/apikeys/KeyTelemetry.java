package dev.behalf.server.apikeys;

import dev.behalf.contract.Environment;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the checks of API keys and logs refused keys. No meter is tagged by user. */
final class KeyTelemetry implements KeyCheck.Listener {

  private static final Logger log = LoggerFactory.getLogger(KeyTelemetry.class);

  private final MeterRegistry meters;

  /** Cached, because a lookup in the registry costs more than the increment. */
  private final Map<Environment, Counter> accepted = new ConcurrentHashMap<>();

  KeyTelemetry(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void heard(KeyCheck check) {
    switch (check) {
      case KeyCheck.Accepted a ->
          accepted.computeIfAbsent(a.holder().environment(), this::acceptedIn).increment();
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
        log.info("Key {} refused: {}", refused.keyId(), refused.reason().wire());
      }
    }
  }

  private Counter acceptedIn(Environment environment) {
    return meters.counter("behalf.keys.accepted", "environment", environment.wire());
  }
}
