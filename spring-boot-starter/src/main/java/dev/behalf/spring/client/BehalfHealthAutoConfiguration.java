package dev.behalf.spring.client;

import dev.behalf.client.BehalfClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Adds {@code behalf} to the application's health; off: {@code management.health.behalf.enabled}.
 */
@AutoConfiguration(after = BehalfClientAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(BehalfClient.class)
@ConditionalOnEnabledHealthIndicator("behalf")
class BehalfHealthAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean(name = "behalfHealthIndicator")
  BehalfHealthIndicator behalfHealthIndicator(BehalfClient client) {
    return new BehalfHealthIndicator(client);
  }
}
