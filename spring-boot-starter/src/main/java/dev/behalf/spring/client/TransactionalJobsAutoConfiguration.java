package dev.behalf.spring.client;

import dev.behalf.client.BehalfClient;
import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Makes {@link TransactionalJobs} where the application has transactions. */
@AutoConfiguration(
    after = BehalfClientAutoConfiguration.class,
    afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnClass(TransactionSynchronizationManager.class)
@ConditionalOnBean(BehalfClient.class)
@EnableConfigurationProperties(ClientProperties.class)
class TransactionalJobsAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  TransactionalJobs transactionalJobs(
      BehalfClient client,
      ObjectProvider<Outbox> outbox,
      ObjectProvider<ObservationRegistry> observations) {
    return new TransactionalJobs(
        client,
        outbox.getIfAvailable(),
        observations.getIfAvailable(() -> ObservationRegistry.NOOP));
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(JdbcClient.class)
  @ConditionalOnProperty("behalf.outbox.enabled")
  static class OfOutbox {

    @Bean
    Outbox behalfOutbox(DataSource database, ClientProperties properties) {
      return new Outbox(database, InstantSource.system(), properties.outbox().pause());
    }

    @Bean
    OutboxSender behalfOutboxSender(
        Outbox outbox, BehalfClient client, ClientProperties properties) {
      return new OutboxSender(outbox, client, properties.outbox().pause());
    }
  }
}
