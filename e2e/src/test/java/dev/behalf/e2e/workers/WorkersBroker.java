package dev.behalf.e2e.workers;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.WorkerHeartbeat;
import dev.behalf.testkit.TestBroker;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The broker between web-app and the workers: has the exchanges and queues that web-app declares,
 * sends jobs as web-app does, and reads what workers say as strictly as web-app does.
 */
final class WorkersBroker implements AutoCloseable {

  private static final int PERSISTENT = 2;

  private final Connection connection;
  private final Channel channel;
  private final KeyRing secrets;
  private final Queue<JobOutcomes> outcomes = new ConcurrentLinkedQueue<>();
  private final Queue<DeadLetter> deadLetters = new ConcurrentLinkedQueue<>();
  private final Queue<WorkerHeartbeat> heartbeats = new ConcurrentLinkedQueue<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();

  /** A message that a worker has rejected. */
  record DeadLetter(String reason, byte[] body) {}

  WorkersBroker(TestBroker broker, KeyRing secrets) throws Exception {
    this.secrets = secrets;
    connection = broker.connect();
    channel = connection.createChannel();
    declare();
    listen(JobOutcome.QUEUE, this::outcomes);
    listen(
        JobMessage.DEAD_QUEUE,
        message ->
            deadLetters.add(
                new DeadLetter(
                    String.valueOf(header(message, JobMessage.REASON)), message.getBody())));
    listen(WorkerHeartbeat.QUEUE, this::heartbeat);
  }

  private void declare() throws IOException {
    channel.exchangeDeclare(JobMessage.EXCHANGE, "direct", true);
    channel.exchangeDeclare(JobOutcome.EXCHANGE, "direct", true);
    Map<String, Object> dead =
        Map.of(
            "x-queue-type", "quorum",
            "x-dead-letter-exchange", "",
            "x-dead-letter-routing-key", JobMessage.DEAD_QUEUE,
            "x-dead-letter-strategy", "at-least-once",
            "x-overflow", "reject-publish");
    channel.queueDeclare(
        JobMessage.DEAD_QUEUE, true, false, false, Map.of("x-queue-type", "quorum"));
    for (var queue : List.of(JobMessage.LIVE_QUEUE, JobMessage.TEST_QUEUE, JobOutcome.QUEUE)) {
      channel.queueDeclare(queue, true, false, false, dead);
    }
    channel.queueDeclare(
        WorkerHeartbeat.QUEUE,
        true,
        false,
        false,
        Map.of("x-message-ttl", WorkerHeartbeat.TTL_MILLIS, "x-max-length", WorkerHeartbeat.MOST));
    channel.queueBind(JobMessage.LIVE_QUEUE, JobMessage.EXCHANGE, "live");
    channel.queueBind(JobMessage.TEST_QUEUE, JobMessage.EXCHANGE, "test");
    routeOutcomes();
  }

  /** Binds the queue of outcomes to its exchange. */
  synchronized void routeOutcomes() throws IOException {
    channel.queueBind(JobOutcome.QUEUE, JobOutcome.EXCHANGE, JobOutcome.QUEUE);
  }

  /** Removes that binding: the broker then returns outcomes that are published as mandatory. */
  synchronized void returnOutcomes() throws IOException {
    channel.queueUnbind(JobOutcome.QUEUE, JobOutcome.EXCHANGE, JobOutcome.QUEUE);
  }

  private interface Reader {
    void read(Delivery message);
  }

  private void listen(String queue, Reader reader) throws IOException {
    connection
        .createChannel()
        .basicConsume(queue, true, (tag, message) -> reader.read(message), tag -> {});
  }

  /** Publishes a job with a signature of the current secret. */
  void publish(JobMessage job) throws IOException {
    publish(StrictJson.write(job), job.environment(), Map.of());
  }

  void publish(byte[] body, Environment environment, Map<String, Object> more) throws IOException {
    var headers = new HashMap<String, Object>(Map.of(JobMessage.SIGNATURE, secrets.seal(body)));
    headers.putAll(more);
    publishAsIs(body, environment, headers);
  }

  synchronized void publishAsIs(byte[] body, Environment environment, Map<String, Object> headers)
      throws IOException {
    var properties =
        new AMQP.BasicProperties.Builder()
            .contentType("application/json")
            .deliveryMode(PERSISTENT)
            .headers(headers)
            .build();
    channel.basicPublish(JobMessage.EXCHANGE, environment.wire(), true, properties, body);
  }

  private static @Nullable Object header(Delivery message, String name) {
    var headers = message.getProperties().getHeaders();
    return headers == null ? null : headers.get(name);
  }

  private boolean isSigned(Delivery message) {
    var seal = String.valueOf(header(message, JobMessage.SIGNATURE));
    return seal.startsWith(secrets.current() + ":") && secrets.unseals(seal, message.getBody());
  }

  private void outcomes(Delivery message) {
    var mode = message.getProperties().getDeliveryMode();
    if (!isSigned(message) || mode == null || mode != PERSISTENT) {
      faults.add("A message of outcomes is unsigned or not persistent.");
    } else if (message.getBody().length > JobOutcomes.MAX_BYTES) {
      faults.add("A message of outcomes has " + message.getBody().length + " bytes.");
    } else {
      try {
        outcomes.add(StrictJson.read(message.getBody(), JobOutcomes.class));
      } catch (StrictJson.Unreadable unreadable) {
        faults.add(unreadable.detail() + " " + unreadable.field());
      }
    }
  }

  private void heartbeat(Delivery message) {
    try {
      assertThat(isSigned(message)).isTrue();
      heartbeats.add(StrictJson.read(message.getBody(), WorkerHeartbeat.class));
    } catch (StrictJson.Unreadable | AssertionError fault) {
      faults.add("A heartbeat cannot be read: " + fault.getMessage());
    }
  }

  List<JobOutcome> outcomes(UUID job) {
    return outcomes.stream()
        .flatMap(message -> message.outcomes().stream())
        .filter(outcome -> outcome.jobId().equals(job))
        .toList();
  }

  /** Returns all messages of outcomes. */
  List<JobOutcomes> messages() {
    return List.copyOf(outcomes);
  }

  /** Returns the dead letters with this body. */
  List<DeadLetter> deadLetters(byte[] body) {
    return deadLetters.stream().filter(letter -> Arrays.equals(letter.body(), body)).toList();
  }

  List<WorkerHeartbeat> heartbeats() {
    return List.copyOf(heartbeats);
  }

  /** Returns what workers have published against the contract. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** Returns how many messages wait in a queue, without those that a worker holds. */
  synchronized int waiting(String queue) throws IOException {
    return channel.queueDeclarePassive(queue).getMessageCount();
  }

  synchronized int consumers(String queue) throws IOException {
    return channel.queueDeclarePassive(queue).getConsumerCount();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
