package dev.behalf.web.work.outcomes;

import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.amqp.autoconfigure.SimpleRabbitListenerContainerFactoryConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configures the consumer of {@link OutcomeListener}, which prefetches messages and acknowledges
 * them once their outcomes are stored.
 */
@Configuration(proxyBeanMethods = false)
class OutcomeConsumers {

  /** Most unacknowledged messages of outcomes. */
  static final int PREFETCH = 20;

  /** Time between attempts to reach the broker again. */
  private static final long MILLIS_TO_RECOVER = 500;

  @Bean
  SimpleRabbitListenerContainerFactory outcomes(
      SimpleRabbitListenerContainerFactoryConfigurer defaults, ConnectionFactory connections) {
    var factory = new SimpleRabbitListenerContainerFactory();
    defaults.configure(factory, connections);
    factory.setAcknowledgeMode(AcknowledgeMode.MANUAL);
    factory.setPrefetchCount(PREFETCH);
    factory.setRecoveryInterval(MILLIS_TO_RECOVER);
    return factory;
  }
}
