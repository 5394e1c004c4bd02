package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.BehalfSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.node.ObjectNode;

/**
 * The job of the front page is a real one: it looks like one of today. With {@code
 * -Dbehalf.front.write=true} it is recorded anew.
 */
@Tag("server")
class RecordedJobTest {

  private static final Path FILE =
      Path.of(System.getProperty("behalf.home", ".."))
          .resolve("web-app/src/main/resources/front/job.json");

  @Test
  void has_the_fields_and_the_steps_of_a_job_of_today() throws Exception {
    var job = record(BehalfSystem.shared());
    if (Boolean.getBoolean("behalf.front.write")) {
      Files.write(
          FILE,
          StrictJson.MAPPER
              .writer()
              .with(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsBytes(job));
    }
    var recorded = StrictJson.MAPPER.readTree(Files.readString(FILE));

    assertThat(recorded.required("message").propertyNames())
        .containsExactlyElementsOf(job.required("message").propertyNames());
    assertThat(recorded.required("result").propertyNames())
        .containsExactlyElementsOf(job.required("result").propertyNames());
    assertThat(stations(recorded)).isEqualTo(stations(job));
    assertThat(recorded.required("units")).isEqualTo(job.required("units"));
  }

  private static List<String> stations(JsonNode job) {
    return job.required("hops")
        .valueStream()
        .map(hop -> hop.required("station").asString())
        .toList();
  }

  /** Runs a job, and returns it with the message that the broker carried. */
  private static ObjectNode record(BehalfSystem behalf) throws Exception {
    var ada = behalf.signUp();
    var messages = new ConcurrentLinkedQueue<JsonNode>();
    UUID id;
    try (var connection = behalf.broker().connect();
        var channel = connection.createChannel()) {
      var queue = channel.queueDeclare().getQueue();
      channel.queueBind(queue, JobMessage.EXCHANGE, "live");
      channel.basicConsume(
          queue,
          true,
          (tag, delivery) -> messages.add(StrictJson.MAPPER.readTree(delivery.getBody())),
          tag -> {});
      var text = JobPayload.of("echo", "Hello from the queue");
      // The first job of a fresh system is slower than those that follow.
      for (int i = 0; i < 3; i++) {
        finished(ada, ada.submit(Environment.LIVE, text));
      }
      id = ada.submit(Environment.LIVE, text);
      finished(ada, id);
      var last = id.toString();
      await().until(() -> messages.stream().anyMatch(one -> isOf(one, last)));
    }
    var job = ada.job(id);
    var recorded = StrictJson.MAPPER.createObjectNode();
    recorded.put("account", "ada@example.com");
    recorded.set(
        "message",
        messages.stream().filter(one -> isOf(one, id.toString())).findFirst().orElseThrow());
    recorded.set("hops", job.required("hops"));
    recorded.set("units", job.required("units"));
    recorded.set("result", job.required("result"));
    return recorded;
  }

  private static boolean isOf(JsonNode message, String id) {
    return message.required("job_id").asString().equals(id);
  }

  private static void finished(dev.behalf.testkit.Person ada, UUID id) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ada.job(id).required("state").asString().equals("succeeded"));
  }
}
