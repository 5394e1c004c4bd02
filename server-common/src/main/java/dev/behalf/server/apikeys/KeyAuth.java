package dev.behalf.server.apikeys;

import dev.behalf.server.notifications.Signals;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a server needs that takes API keys; it brings the {@link KeyHasher}. */
@Configuration(proxyBeanMethods = false)
@Import(Signals.class)
public class KeyAuth {

  @Bean
  ApiKeys apiKeys(JdbcClient database, Signals signals, KeyHasher hasher, InstantSource clock) {
    return new ApiKeys(database, signals, hasher, clock);
  }

  @Bean
  KeyUses keyUses(JdbcClient database, InstantSource clock) {
    return new KeyUses(database, clock);
  }

  @Bean
  KeyTelemetry keyTelemetry(MeterRegistry meters) {
    return new KeyTelemetry(meters);
  }
}
