package dev.behalf.worker.consume;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.RawJson;
import dev.behalf.contract.StrictJson;
import dev.behalf.worker.MessageSecrets;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.env.PropertyResolver;
import org.springframework.stereotype.Component;

/**
 * Does what is slow the first time before the worker reports that it is ready, so that no user's
 * job waits for it: reads a message, calls its own health endpoint, and connects to the broker. No
 * other service notices.
 */
@Component
class WarmUp implements ApplicationRunner {

  private final MessageReader reader;
  private final MessageSecrets secrets;
  private final OkHttpClient http;
  private final RabbitTemplate broker;
  private final InstantSource clock;
  private final PropertyResolver settings;

  WarmUp(
      MessageReader reader,
      MessageSecrets secrets,
      OkHttpClient http,
      RabbitTemplate broker,
      InstantSource clock,
      PropertyResolver settings) {
    this.reader = reader;
    this.secrets = secrets;
    this.http = http;
    this.broker = broker;
    this.clock = clock;
    this.settings = settings;
  }

  @Override
  public void run(ApplicationArguments arguments) {
    readAndAnswer();
    call();
    connect();
  }

  private void readAndAnswer() {
    var message =
        new JobMessage(
            JobMessage.VERSION,
            UUID.randomUUID(),
            UUID.randomUUID(),
            Environment.TEST,
            new RawJson(StrictJson.text(JobPayload.of("", ""))),
            1,
            clock.instant(),
            null,
            null);
    var body = StrictJson.write(message);
    if (reader.read(secrets.ring().seal(body), body) instanceof MessageReader.Job job) {
      var verdict = new Deferred(ProblemCode.UNAVAILABLE.wire(), "", null);
      StrictJson.write(JobOutcomes.of(List.of(JobOutcome.of(job.message(), verdict, List.of()))));
    }
  }

  private void call() {
    var request =
        new Request.Builder()
            .url(
                "http://127.0.0.1:%s/actuator/health/liveness"
                    .formatted(settings.getProperty("local.server.port", "0")))
            .build();
    try (var response = http.newCall(request).execute()) {
      StrictJson.MAPPER.readTree(response.body().bytes());
    } catch (IOException notHere) {
      // The server may listen on another address only.
    }
  }

  private void connect() {
    try {
      broker.execute(channel -> true);
    } catch (AmqpException away) {
      // The first outcome connects.
    }
  }
}
