package dev.behalf.worker;

import dev.behalf.contract.KeyRing;
import dev.behalf.memory.IdleHeap;
import dev.behalf.start.WarmUp;
import dev.behalf.start.WarmUps;
import io.micrometer.core.instrument.binder.okhttp3.OkHttpObservationInterceptor;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.amqp.autoconfigure.RabbitTemplateCustomizer;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The worker process and its shared beans. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkerSettings.class)
public class Worker {

  private static final String CALLS = "http.client.requests";

  public static void main(String[] args) {
    // Digits in headers and texts are the same whatever the language of the machine.
    Locale.setDefault(Locale.ROOT);
    SpringApplication.run(Worker.class, args);
    IdleHeap.watch();
  }

  @Bean
  ApplicationRunner warmUps(List<WarmUp> parts) {
    return arguments -> WarmUps.run(parts);
  }

  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }

  @Bean
  MessageSecrets messageSecrets(WorkerSettings settings) {
    return new MessageSecrets(KeyRing.parse(settings.messageSecrets()));
  }

  /**
   * Gives publishers a connection of their own: a broker that blocks publishers, because it is
   * short of memory or disk, must still accept acknowledgements.
   *
   * <p>The publisher finds a returned message in its correlation data; without a callback, the
   * template would also log a warning.
   */
  @Bean
  RabbitTemplateCustomizer publishing() {
    return template -> {
      template.setUsePublisherConnection(true);
      template.setReturnsCallback(returned -> {});
    };
  }

  /** Traces only calls that belong to a traced job; tracing others would only add cost. */
  @Bean
  ObservationPredicate tracedCallsOnly(ObjectProvider<ObservationRegistry> observations) {
    return (name, context) ->
        !name.equals(CALLS) || observations.getObject().getCurrentObservation() != null;
  }

  /** The HTTP client, which follows no redirect: a key goes only to the server it is meant for. */
  @Bean
  OkHttpClient http(WorkerSettings settings, ObservationRegistry observations) {
    return new OkHttpClient.Builder()
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .connectTimeout(settings.connectTimeout())
        // The only timeout of a call: timeouts for each read and write would only add cost.
        .callTimeout(settings.callTimeout())
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .connectionPool(new ConnectionPool(settings.concurrency().live(), 30, TimeUnit.SECONDS))
        .dispatcher(new Dispatcher())
        .addInterceptor(OkHttpObservationInterceptor.builder(observations, CALLS).build())
        .build();
  }
}
