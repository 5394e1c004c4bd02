package dev.behalf.server.apikeys;

import dev.behalf.server.notifications.Notifications;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Spring configuration of a server that accepts API keys; the server supplies the {@link
 * KeyHasher}.
 */
@Configuration(proxyBeanMethods = false)
@Import(Notifications.class)
public class ApiKeyConfiguration {

  @Bean
  ApiKeys apiKeys(
      JdbcClient database, Notifications notifications, KeyHasher hasher, InstantSource clock) {
    return new ApiKeys(database, notifications, hasher, clock);
  }

  @Bean
  KeyUsage keyUses(JdbcClient database, InstantSource clock) {
    return new KeyUsage(database, clock);
  }

  @Bean
  KeyTelemetry keyTelemetry(MeterRegistry meters) {
    return new KeyTelemetry(meters);
  }
}
