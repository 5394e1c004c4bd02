package dev.behalf.spring.client;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.java11.instrument.binder.jdk.MicrometerHttpClient;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Observes the client's requests where the application has Micrometer. */
@AutoConfiguration(
    before = BehalfClientAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
    })
@ConditionalOnClass({MicrometerHttpClient.class, MeterRegistry.class})
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnProperty("behalf.server")
class BehalfObservationAutoConfiguration {

  @Bean
  BehalfClientCustomizer behalfRequestObservation(
      MeterRegistry meters, ObjectProvider<ObservationRegistry> observations) {
    return new RequestObservation(
        meters, observations.getIfAvailable(() -> ObservationRegistry.NOOP));
  }
}
