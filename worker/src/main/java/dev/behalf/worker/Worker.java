package dev.behalf.worker;

import dev.behalf.contract.KeyRing;
import io.micrometer.core.instrument.binder.okhttp3.OkHttpObservationInterceptor;
import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.springframework.amqp.rabbit.config.ContainerCustomizer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkerSettings.class)
public class Worker {

  private static final int IDLE_CONNECTIONS = 64;

  public static void main(String[] args) {
    SpringApplication.run(Worker.class, args);
  }

  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }

  @Bean
  MessageSecrets messageSecrets(WorkerSettings settings) {
    return new MessageSecrets(KeyRing.parse(settings.messageSecrets()));
  }

  /** At the end a worker finishes the jobs it holds: longer than a call may take. */
  @Bean
  ContainerCustomizer<SimpleMessageListenerContainer> finishFirst(WorkerSettings settings) {
    return container -> container.setShutdownTimeout(settings.callTimeout().toMillis() + 5_000);
  }

  /** Never follows a redirect: a key goes to the server it is meant for and to no other. */
  @Bean
  OkHttpClient http(WorkerSettings settings, ObservationRegistry observations) {
    return new OkHttpClient.Builder()
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .connectTimeout(settings.connectTimeout())
        .callTimeout(settings.callTimeout())
        .readTimeout(settings.callTimeout())
        .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
        .dispatcher(new Dispatcher())
        .addInterceptor(
            OkHttpObservationInterceptor.builder(observations, "http.client.requests").build())
        .build();
  }
}
