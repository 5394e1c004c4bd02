package dev.behalf.server.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.server.apikeys.KeyCheck.Accepted;
import dev.behalf.server.apikeys.KeyCheck.Client;
import dev.behalf.server.apikeys.KeyCheck.Reason;
import dev.behalf.server.apikeys.KeyCheck.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeyTelemetryTest {

  private static final Client CLIENT = new Client("203.0.113.9", "curl");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final KeyTelemetry telemetry = new KeyTelemetry(meters);

  @Test
  void accepted_keys_are_counted_by_environment() {
    telemetry.heard(accepted(Environment.LIVE));
    telemetry.heard(accepted(Environment.LIVE));
    telemetry.heard(accepted(Environment.TEST));

    assertThat(count("behalf.keys.accepted", "environment", "live")).isEqualTo(2);
    assertThat(count("behalf.keys.accepted", "environment", "test")).isEqualTo(1);
  }

  @Test
  void refused_keys_are_counted_by_environment_and_reason() {
    telemetry.heard(new Refused(Reason.EXPIRED, Environment.TEST, "key1", null, CLIENT));

    assertThat(count("behalf.keys.refused", "environment", "test", "reason", "expired"))
        .isEqualTo(1);
  }

  @Test
  void a_malformed_key_has_no_environment() {
    telemetry.heard(new Refused(Reason.MALFORMED, null, null, null, CLIENT));

    assertThat(count("behalf.keys.refused", "environment", "none", "reason", "malformed"))
        .isEqualTo(1);
  }

  @Test
  void many_users_and_keys_do_not_make_more_meters() {
    for (int i = 0; i < 5; i++) {
      telemetry.heard(accepted(Environment.LIVE));
      telemetry.heard(
          new Refused(Reason.EXPIRED, Environment.LIVE, "key" + i, UUID.randomUUID(), CLIENT));
    }

    assertThat(meters.getMeters()).hasSize(2);
  }

  private double count(String name, String... tags) {
    return meters.get(name).tags(tags).counter().count();
  }

  private static Accepted accepted(Environment environment) {
    return new Accepted(
        new KeyHolder(UUID.randomUUID(), environment, "key1", Set.of(), false, null, null), CLIENT);
  }
}
