package dev.behalf.worker.report;

import com.rabbitmq.client.AMQP;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.WorkerHeartbeat;
import dev.behalf.worker.MessageSecrets;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Publishes every few seconds that this process is running, and how many jobs it has in flight. */
@Component
@EnableScheduling
class Heartbeats {

  private static final int TRANSIENT = 1;

  private final UUID worker = UUID.randomUUID();
  private final String name = ManagementFactory.getRuntimeMXBean().getName(); // pid@host
  private final String version;
  private final Instant startedAt;
  private final InFlightJobs inFlight;
  private final RabbitTemplate broker;
  private final MessageSecrets secrets;
  private final InstantSource clock;

  Heartbeats(
      InFlightJobs inFlight,
      RabbitTemplate broker,
      MessageSecrets secrets,
      InstantSource clock,
      @Value("${spring.application.version:unknown}") String version) {
    this.inFlight = inFlight;
    this.broker = broker;
    this.secrets = secrets;
    this.clock = clock;
    this.version = version;
    this.startedAt = clock.instant();
  }

  /** Publishes without a confirm and without mandatory: the next heartbeat replaces a lost one. */
  @Scheduled(initialDelayString = "1s", fixedDelayString = "${behalf.heartbeat-every:5s}")
  void beat() {
    var body =
        StrictJson.write(
            new WorkerHeartbeat(
                WorkerHeartbeat.VERSION,
                worker,
                name,
                version,
                startedAt,
                clock.instant(),
                inFlight.full(),
                inFlight.done()));
    var properties =
        new AMQP.BasicProperties.Builder()
            .contentType("application/json")
            .deliveryMode(TRANSIENT)
            .headers(Map.of(JobMessage.SIGNATURE, secrets.ring().seal(body)))
            .build();
    try {
      broker.execute(
          channel -> {
            channel.basicPublish("", WorkerHeartbeat.QUEUE, false, properties, body);
            return true;
          });
    } catch (AmqpException away) {
      // The queue subscriptions have already reported that the broker is away.
    }
  }
}
