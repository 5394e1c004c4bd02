package dev.behalf.web.work.outcomes;

import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.amqp.autoconfigure.SimpleRabbitListenerContainerFactoryConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How {@link OutcomeListener} takes messages: some ahead, acknowledged when they are stored. */
@Configuration(proxyBeanMethods = false)
class OutcomeConsumers {

  /** Messages of outcomes that may be here at once. */
  static final int PREFETCH = 20;

  /** After the broker was gone. */
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
